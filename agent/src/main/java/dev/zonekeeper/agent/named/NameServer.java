package dev.zonekeeper.agent.named;

import dev.zonekeeper.agent.config.AtomicFile;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * One member's named: a child process in the foreground that this class configures, starts, asks
 * and ends. It does not restart it; who owns it decides that when {@link #onExit} says it ended.
 *
 * <p>The usual order: {@link #apply}, {@link #start}, {@link #zonesReady}; later {@link #prepare}
 * for the other role, and {@link #apply} when the role changes.
 */
public final class NameServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEFT_OVER_LIMIT = Duration.ofSeconds(5);
  private static final Duration RNDC_LIMIT = Duration.ofSeconds(30);
  private static final Duration SHORT_COMMAND_LIMIT = Duration.ofSeconds(2);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LAST_PAUSE = Duration.ofMillis(32);

  private final NamedSettings settings;
  private final ConfigStore configuration;
  private final StartCheck startCheck;
  private final Readiness readiness;
  private final Rndc rndc;
  private final NamedLog log = new NamedLog();
  private final List<Consumer<ExitReason>> exitListeners = new CopyOnWriteArrayList<>();

  /** One at a time: start, stop, apply, prepare. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile Optional<NamedProcess> current = Optional.empty();

  /** The digest of the configuration that named is known to run with. */
  private Optional<String> active = Optional.empty();

  private Optional<ConfigStore.Checked> installed = Optional.empty();

  /** Whether the named that runs logs queries: it reads that when it starts, and never again. */
  private boolean logsQueries;

  private NameServer(NamedSettings settings, NamedTools tools, TsigKey rndcKey, Clock clock) {
    this.settings = settings;
    this.configuration = new ConfigStore(settings, tools.checkconf());
    InetSocketAddress control =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.rndcPort());
    this.rndc = new Rndc(control, rndcKey, clock, RNDC_LIMIT);
    this.readiness = new Readiness(address(), settings.clusterKey());
    this.startCheck = new StartCheck(settings, readiness, rndc.within(SHORT_COMMAND_LIMIT));
  }

  /**
   * Makes the member's folders and its control channel key where they are missing. Nothing is
   * started.
   *
   * @param random makes the key
   * @throws NamedFailure BIND is not installed; the message says what to install
   * @throws IOException the folders cannot be written
   */
  public static NameServer of(NamedSettings settings, Clock clock, SecureRandom random)
      throws NamedFailure, IOException {
    NamedTools tools = NamedTools.of(settings.named());
    Files.createDirectories(settings.workDir().resolve("dyn"));
    Files.createDirectories(settings.runDir());
    TsigKey rndcKey = rndcKey(settings, random);
    return new NameServer(settings, tools, rndcKey, clock);
  }

  private static TsigKey rndcKey(NamedSettings settings, SecureRandom random) throws IOException {
    Path file = settings.rndcKeyFile();
    if (!Files.exists(file)) {
      TsigKey.generate(NamedConf.RNDC_KEY, random).write(file);
    }
    TsigKey key = TsigKey.read(file).getFirst();
    String conf =
        """
        include "%s";
        options { default-key "%s"; default-server 127.0.0.1; default-port %d; };
        """
            .formatted(file, NamedConf.RNDC_KEY, settings.rndcPort());
    AtomicFile.write(settings.rndcConf(), conf.getBytes(StandardCharsets.UTF_8), "rw-------");
    return key;
  }

  /** Where named answers the agent. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.namedPort());
  }

  /**
   * Checks the configuration ahead of time, so that {@link #apply} of exactly the same need not.
   *
   * @throws BadConfiguration named-checkconf refuses it; nothing has changed
   */
  public void prepare(ZoneRole role, Serving what)
      throws BadConfiguration, IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      configuration.check(role, what);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Makes this the configuration: checked, put in place atomically, and, if named runs and does not
   * have it already, read by named. When this returns named has the zones in their new role but may
   * still be loading them: wait with {@link #zonesReady}.
   *
   * @throws BadConfiguration named-checkconf or named refuses it; the old one stays in force
   * @throws IOException the files cannot be written, or named did not answer; in the second case
   *     the new configuration stays in place for the next start, and applying it again is right
   */
  public void apply(ZoneRole role, Serving what)
      throws BadConfiguration, IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      ConfigStore.Checked wanted = configuration.check(role, what);
      boolean running = isRunning();
      if (running && active.equals(Optional.of(wanted.digest()))) {
        return;
      }
      configuration.keepOld();
      configuration.install(wanted);
      installed = Optional.of(wanted);
      active = Optional.empty();
      if (running) {
        reconfigure(wanted);
      }
      configuration.dropUnusedKeys(wanted);
    } finally {
      turn.unlock();
    }
  }

  private void reconfigure(ConfigStore.Checked wanted) throws BadConfiguration, IOException {
    try {
      rndc.reconfig();
      if (wanted.logsQueries() != logsQueries) {
        rndc.logQueries(wanted.logsQueries());
        logsQueries = wanted.logsQueries();
      }
      active = Optional.of(wanted.digest());
    } catch (RndcException e) {
      if (e.refused()) {
        configuration.restoreOld();
        installed = Optional.empty();
        throw new BadConfiguration(
            e.getMessage(), current.map(NamedProcess::lastWords).orElse(List.of()));
      }
      throw e;
    }
  }

  /** {@link #start(Duration)} within 30 s. */
  public void start() throws NamedFailure, InterruptedException {
    start(START_LIMIT);
  }

  /**
   * Ends a left-over named of this data folder, starts named, and returns when it answers on all
   * its ports (zones may still be loading: {@link #zonesReady}).
   *
   * @throws NamedFailure it ended, or could not have one of its ports, or did not answer in time;
   *     with its own last words. It is not running then.
   */
  public void start(Duration within) throws NamedFailure, InterruptedException {
    turn.lockInterruptibly();
    try {
      awaitKilled();
      if (isRunning()) {
        throw new IllegalStateException("named is running already, pid " + pid().getAsLong());
      }
      if (!Files.exists(settings.namedConf())) {
        throw new IllegalStateException("apply a configuration before named is started");
      }
      LeftOver.end(settings.namedConf(), LEFT_OVER_LIMIT);
      if (settings.sharesPorts()) {
        PortCheck.requireFree(settings);
      }
      NamedProcess process = launch();
      startCheck.await(process, within);
      var _ =
          process
              .exit()
              .thenAccept(reason -> exitListeners.forEach(listener -> listener.accept(reason)));
      active = installed.map(ConfigStore.Checked::digest);
      logsQueries = installed.filter(ConfigStore.Checked::logsQueries).isPresent();
      LOG.info("named runs, pid {}", process.pid());
    } finally {
      turn.unlock();
    }
  }

  private void awaitKilled() throws InterruptedException {
    Optional<NamedProcess> dying = current.filter(NamedProcess::isAsked);
    if (dying.isPresent()) {
      dying.get().awaitExit(KILL_LIMIT);
    }
  }

  private NamedProcess launch() throws NamedFailure {
    try {
      NamedProcess process = NamedProcess.launch(settings, log);
      current = Optional.of(process);
      return process;
    } catch (IOException e) {
      throw new NamedFailure("cannot start %s: %s".formatted(settings.named(), e.getMessage()), e);
    }
  }

  /**
   * Ends named so that it writes what it has not yet written: {@code rndc stop}, when that does not
   * help TERM, at the end KILL. Returns when it is gone. Does nothing if it does not run.
   *
   * @param atMost how long until KILL
   */
  public void stop(Duration atMost) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      Optional<NamedProcess> running = current.filter(NamedProcess::alive);
      if (running.isEmpty()) {
        return;
      }
      NamedProcess process = running.get();
      process.expectExit();
      long deadline = System.nanoTime() + atMost.toNanos();
      askToStop(process);
      if (!process.awaitExit(atMost.multipliedBy(3).dividedBy(4))) {
        LOG.warn("named (pid {}) does not stop; sending TERM", process.pid());
        process.terminate();
        if (!process.awaitExit(Duration.ofNanos(deadline - System.nanoTime()))) {
          LOG.warn("named (pid {}) did not stop within {}; killing it", process.pid(), atMost);
          process.kill();
          process.awaitExit(KILL_LIMIT);
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private void askToStop(NamedProcess process) {
    try {
      rndc.within(SHORT_COMMAND_LIMIT).stop();
    } catch (RndcException e) {
      LOG.warn("{}; sending TERM", e.getMessage());
      process.terminate();
    }
  }

  /** Ends named at once, without a chance to write anything. */
  public void kill() {
    current.ifPresent(process -> {
      process.expectExit();
      process.kill();
    });
  }

  /** {@link #stop} within 10 s. */
  @Override
  public void close() {
    try {
      stop(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  public boolean isRunning() {
    return current.filter(NamedProcess::alive).isPresent();
  }

  /** The process, while it runs. */
  public OptionalLong pid() {
    return current
        .filter(NamedProcess::alive)
        .map(process -> OptionalLong.of(process.pid()))
        .orElse(OptionalLong.empty());
  }

  /**
   * Called at once, once for every end of a named that had been started, also for one that was
   * asked for; on a thread of its own. Not called for one whose {@link #start} fails.
   */
  public void onExit(Consumer<ExitReason> listener) {
    exitListeners.add(listener);
  }

  /**
   * Waits until named is ready for the zones: it serves each, and as a primary it takes updates. To
   * be called after {@link #apply} for this role has returned: from then on all zones have the new
   * role, those that are not ready are still being loaded, and a zone that is served is loaded.
   *
   * @return the zones it is not ready for when the time is over; empty: all are ready
   */
  public Set<Name> zonesReady(ZoneRole role, Collection<Name> zones, Duration within)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    Set<Name> waiting = Set.copyOf(zones);
    Duration pause = FIRST_PAUSE;
    while (!waiting.isEmpty()) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative()) {
        break;
      }
      try {
        waiting = notReady(role, waiting, left);
      } catch (IOException e) {
        LOG.debug("named cannot be asked for its zones", e);
      }
      if (!waiting.isEmpty()) {
        Thread.sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
      }
    }
    return waiting;
  }

  private Set<Name> notReady(ZoneRole role, Set<Name> zones, Duration within) throws IOException {
    Set<Name> waiting = readiness.notServed(zones, within);
    Optional<Name> one = zones.stream().filter(zone -> !waiting.contains(zone)).findFirst();
    if (role == ZoneRole.PRIMARY && one.isPresent() && !readiness.takesUpdates(one.get(), within)) {
      return zones;
    }
    return waiting;
  }

  /** Commands to this named. */
  public Rndc rndc() {
    return rndc;
  }

  /** What this named says. */
  public NamedLog log() {
    return log;
  }
}
