package dev.zonekeeper.agent.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.dns.Delta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;

class ChangeLogTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final int LONG_TEXT = 250;

  @TempDir private Path folder;

  @Test
  void whatWasForcedIsFoundAgainInOrder() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();
      ChangeLog.Entry last = log.write(7, delta(2)).orElseThrow();
      assertThat(log.force(last)).isTrue();
    }

    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.found()).extracting(ChangeLog.Entry::epoch).containsExactly(7L, 7L);
      assertThat(log.found())
          .extracting(ChangeLog.Entry::delta)
          .containsExactly(delta(1), delta(2));
    }
  }

  @Test
  void aTornRecordEndsTheLogAndWhatWasBeforeItIsFound() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();
      assertThat(log.write(7, delta(2))).isPresent();
    }
    Path file = files().getFirst();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 1);
    }

    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.found()).extracting(ChangeLog.Entry::delta).containsExactly(delta(1));
    }
  }

  @Test
  void aDamagedRecordEndsTheLogToo() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();
      assertThat(log.write(7, delta(2))).isPresent();
    }
    Path file = files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10] ^= 1;
    Files.write(file, bytes);

    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.found()).extracting(ChangeLog.Entry::delta).containsExactly(delta(1));
    }
  }

  @Test
  void afterATornRecordNewOnesAreFoundAsWell() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();
    }
    Files.write(files().getFirst(), new byte[] {0, 0, 0, 99, 1}, StandardOpenOption.APPEND);
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.force(log.write(8, delta(2)).orElseThrow())).isTrue();
    }

    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.found())
          .extracting(ChangeLog.Entry::delta)
          .containsExactly(delta(1), delta(2));
    }
  }

  @Test
  void aSegmentWhoseEntriesAreAllRemovedIsRemovedWhenThereIsALaterOne() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      List<ChangeLog.Entry> entries = fill(log, 2);
      assertThat(files()).hasSize(2);

      entries.forEach(log::remove);

      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void aSegmentOfWhichSomethingIsNeededStays() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      List<ChangeLog.Entry> entries = fill(log, 2);

      entries.subList(1, entries.size()).forEach(log::remove);
    }

    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.found().getFirst().delta()).isEqualTo(delta(0));
    }
  }

  @Test
  void itTakesNothingMoreWhenNamedIsTooFarBehindAndGoesOnWhenItHasCaughtUp() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      List<ChangeLog.Entry> entries = fill(log, 99);
      assertThat(log.write(7, delta(1))).isEmpty();

      entries.forEach(log::remove);

      assertThat(log.force(log.write(7, delta(1)).orElseThrow())).isTrue();
    }
  }

  @Test
  void manyWhoWaitAtOnceAreAllServed() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        ChangeLog.Entry entry = log.write(7, delta(i)).orElseThrow();
        all.add(threads.submit(() -> log.force(entry)));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  @Test
  void whatCouldNotBeWrittenIsNotSafeAndNothingIsTakenUntilNamedHasTheRest() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      ChangeLog.Entry safe = log.write(7, delta(1)).orElseThrow();
      assertThat(log.force(safe)).isTrue();
      ChangeLog.Entry unsafe = log.write(7, delta(2)).orElseThrow();
      Thread.currentThread().interrupt(); // closes the file, as a disk that fails would end it
      assertThat(log.write(7, delta(3))).isEmpty();
      assertThat(Thread.interrupted()).isTrue();

      assertThat(log.force(safe)).isTrue();
      assertThat(log.force(unsafe)).isFalse();
      assertThat(log.write(7, delta(4))).isEmpty();

      log.remove(safe);
      log.remove(unsafe);
      assertThat(log.force(log.write(7, delta(5)).orElseThrow())).isTrue();
    }
  }

  @Test
  void nobodyButTheOwnerReadsTheFiles() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();

      assertThat(Files.getPosixFilePermissions(files().getFirst()))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void anEntryThatIsWholeButUnknownIsNotPassedOverInSilence() throws Exception {
    try (ChangeLog log = ChangeLog.open(folder)) {
      assertThat(log.write(7, delta(1))).isPresent();
    }
    Path later = folder.resolve("%016d%s".formatted(99, Segment.SUFFIX));
    Segment segment = Segment.after(folder, java.util.Optional.of(98L));
    segment.write(ByteBuffer.wrap(new byte[20]));
    segment.close();

    assertThatThrownBy(() -> ChangeLog.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(later.getFileName().toString());
  }

  /** Writes until so many segments are begun, or the log takes no more. */
  private List<ChangeLog.Entry> fill(ChangeLog log, int segments) throws IOException {
    List<ChangeLog.Entry> entries = new ArrayList<>();
    while (files().size() < segments) {
      for (int i = 0; i < 10; i++) {
        var entry = log.write(7, large(entries.size()));
        if (entry.isEmpty()) {
          return entries;
        }
        entries.add(entry.get());
      }
    }
    return entries;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static Delta delta(long from) {
    return new Delta(ZONE, soa(from), soa(from + 1), List.of(), List.of(text("n" + from, "value")));
  }

  private static Delta large(long from) {
    List<org.xbill.DNS.Record> added = new ArrayList<>();
    if (from > 0) {
      for (int i = 0; i < 100; i++) {
        added.add(text("n" + from + "-" + i, "x".repeat(LONG_TEXT)));
      }
    } else {
      added.add(text("n0", "value"));
    }
    return new Delta(ZONE, soa(from), soa(from + 1), List.of(), added);
  }

  private static TXTRecord text(String label, String value) {
    return new TXTRecord(Name.fromConstantString(label + ".example.com."), DClass.IN, 300, value);
  }

  private static SOARecord soa(long serial) {
    return new SOARecord(ZONE, DClass.IN, 300, ZONE, ZONE, serial, 3600, 600, 86400, 300);
  }
}
