package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits until a named that was just started answers on all its ports, and makes sure that it is
 * itself who answers: another named on the same port would be taken for it otherwise.
 */
final class StartCheck {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Duration ONE_QUESTION = Duration.ofSeconds(1);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private final NamedSettings settings;
  private final Readiness loopback;
  private final Rndc rndc;

  StartCheck(NamedSettings settings, Readiness loopback, Rndc rndc) {
    this.settings = settings;
    this.loopback = loopback;
    this.rndc = rndc;
  }

  /** One thing that must work; throws as long as it does not. */
  @FunctionalInterface
  private interface Check {
    void run() throws IOException;
  }

  void await(NamedProcess process, Duration within) throws NamedFailure, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      await(process, deadline, "at 127.0.0.1:" + settings.namedPort(), () -> itself(loopback));
      await(process, deadline, "on its control channel", rndc::status);
      Optional<InetSocketAddress> service =
          settings.serviceAddress().filter(address -> !address.getAddress().isAnyLocalAddress());
      if (service.isPresent()) {
        Readiness outside = new Readiness(service.get(), settings.clusterKey());
        await(
            process,
            deadline,
            "at its service address " + service.get() + " (is it an address of this machine?)",
            () -> itself(outside));
      }
    } catch (NamedFailure | InterruptedException | RuntimeException e) {
      process.expectExit();
      process.kill();
      process.awaitExit(KILL_LIMIT);
      throw e;
    }
  }

  private void await(NamedProcess process, long deadline, String where, Check check)
      throws NamedFailure, InterruptedException {
    while (true) {
      String notYet;
      try {
        check.run();
        return;
      } catch (IOException e) {
        notYet = e.getMessage();
      }
      if (!process.alive()) {
        ExitReason reason = process.exit().join();
        throw failure(process, reason.sentence());
      }
      if (process.portTaken().isDone()) {
        throw failure(process, "named cannot have its ports: " + process.portTaken().join());
      }
      if (System.nanoTime() - deadline >= 0) {
        throw failure(
            process,
            "named does not answer %s: %s; its last words: %s"
                .formatted(where, notYet, String.join(" / ", process.lastWords())));
      }
      Thread.sleep(POLL);
    }
  }

  private void itself(Readiness at) throws IOException {
    Optional<String> id = at.serverId(ONE_QUESTION);
    if (!id.equals(Optional.of(settings.serverId()))) {
      throw new IOException(
          "another name server answers (id.server is %s, expected %s)"
              .formatted(id.orElse("not set"), settings.serverId()));
    }
  }

  private NamedFailure failure(NamedProcess process, String what) {
    String advice =
        process.confinement().map(profile -> Confinement.advice(profile, settings)).orElse("");
    return new NamedFailure(what + advice);
  }
}
