package dev.zonekeeper.agent.changes;

import dev.zonekeeper.dns.Delta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of zones, durable in the order in which they were written, until named has them.
 *
 * <p>The log is a folder of segments. A segment is removed when named has all that is in it and a
 * later one is begun. Whoever waits for the disk waits for all that was written before, by whomever
 * (group commit). After a failure to write nothing more is taken until named has all there is; then
 * a new segment is begun.
 */
public final class ChangeLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

  /** A segment of so many octets is followed by another. */
  private static final long SEGMENT = 1 << 20;

  /** So many segments at most: named is too slow then, and nothing more is taken. */
  private static final int SEGMENTS = 8;

  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition forced = lock.newCondition();
  private final List<Segment> segments = new ArrayList<>();
  private final List<Entry> found = new ArrayList<>();
  private long written;
  private long durable;
  private boolean forcing;
  private boolean failed;

  private ChangeLog(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the log, reads what is in it, and makes that durable.
   *
   * @throws IOException the folder cannot be read or written
   */
  public static ChangeLog open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Segment.force(folder);
    ChangeLog log = new ChangeLog(folder);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + Segment.SUFFIX)) {
      all.forEach(files::add);
    }
    files.sort(null);
    for (Path file : files) {
      log.read(file);
    }
    return log;
  }

  private void read(Path file) throws IOException {
    Segment segment = Segment.existing(file);
    for (ByteBuffer content : segment.contents()) {
      try {
        LoggedChange change = LoggedChange.read(content);
        found.add(new Entry(change.epoch(), change.delta(), segment, 0));
      } catch (IOException e) {
        throw new IOException(
            "cannot read what was confirmed, in " + file + ": " + e.getMessage(), e);
      }
      segment.entries++;
    }
    segments.add(segment);
  }

  /** What was in the log when it was opened, the oldest first. */
  public List<Entry> found() {
    return List.copyOf(found);
  }

  /**
   * Writes a change; it is not durable before {@link #force} has returned true.
   *
   * @return empty if the log cannot take it now
   */
  public Optional<Entry> write(long epoch, Delta delta) {
    Optional<ByteBuffer> content = new LoggedChange(epoch, delta).toBytes();
    if (content.isEmpty()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      Segment segment = segment();
      segment.write(content.get());
      segment.entries++;
      written++;
      return Optional.of(new Entry(epoch, delta, segment, written));
    } catch (IOException e) {
      fail(e);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The segment to write to. With the lock held. */
  private Segment segment() throws IOException {
    boolean isOver =
        segments.isEmpty() || failed || !current().isOpen() || current().size() >= SEGMENT;
    if (!isOver) {
      return current();
    }
    if (failed && segments.stream().anyMatch(s -> s.entries > 0)) {
      throw new IOException("named has yet to pull what was written before a failure");
    }
    if (segments.size() >= SEGMENTS) {
      throw new IOException("named is too far behind");
    }
    if (!failed && !segments.isEmpty()) {
      current().force(); // so that to wait for the next one is to wait for all
      durable = written;
    }
    segments.add(Segment.after(folder, segments.stream().map(Segment::number).max(Long::compare)));
    failed = false;
    removeUnused();
    return current();
  }

  private Segment current() {
    return segments.getLast();
  }

  private void fail(IOException e) {
    if (!failed) {
      LOG.warn("the change log takes nothing now: {}", e.getMessage());
    }
    failed = true;
    forced.signalAll();
  }

  /**
   * Blocks until the entry, and all before it, is on the disk.
   *
   * @return false: it is not known to be there
   */
  public boolean force(Entry entry) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (durable < entry.position && !failed) {
        if (forcing) {
          forced.await();
        } else {
          forceNow();
        }
      }
      return durable >= entry.position;
    } finally {
      lock.unlock();
    }
  }

  private void forceNow() {
    forcing = true;
    Segment segment = current();
    long upTo = written;
    lock.unlock();
    IOException failure = null;
    try {
      segment.force();
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.lock();
      forcing = false;
    }
    if (failure != null) {
      fail(failure);
    } else if (!failed) {
      durable = Math.max(durable, upTo);
      forced.signalAll();
    }
  }

  /** named has it, or nobody needs it any more. */
  public void remove(Entry entry) {
    lock.lock();
    try {
      entry.segment.entries--;
      removeUnused();
    } finally {
      lock.unlock();
    }
  }

  private void removeUnused() {
    segments.removeIf(segment -> segment != segments.getLast() && isRemoved(segment));
  }

  private static boolean isRemoved(Segment segment) {
    try {
      return segment.entries == 0 && segment.remove();
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      failed = true;
      for (Segment segment : segments) {
        segment.close();
      }
      forced.signalAll();
    } catch (IOException e) {
      LOG.debug("closing the change log", e);
    } finally {
      lock.unlock();
    }
  }

  /** One change in the log. */
  public static final class Entry {
    private final long epoch;
    private final Delta delta;
    private final Segment segment;
    private final long position;

    private Entry(long epoch, Delta delta, Segment segment, long position) {
      this.epoch = epoch;
      this.delta = delta;
      this.segment = segment;
      this.position = position;
    }

    /** The epoch of the leader that sent it. */
    public long epoch() {
      return epoch;
    }

    public Delta delta() {
      return delta;
    }
  }
}
