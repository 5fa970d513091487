package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.named.NamedFailure;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member at work: the process beside named. */
public final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private Agent() {}

  /**
   * Runs the member until the process is told to end (SIGTERM), and ends it in order then.
   *
   * @param surroundings closed at the end
   * @throws ConfigException the cluster does not know this member
   * @throws BadConfiguration named refuses its configuration
   * @throws NamedFailure named is not installed or does not start
   * @throws IOException a folder cannot be used or a port is taken
   */
  public static void run(MemberSettings settings, Surroundings surroundings)
      throws IOException, ConfigException, BadConfiguration, NamedFailure, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (MemberParts parts =
        new MemberParts(settings, surroundings, Clock.systemUTC(), new SecureRandom())) {
      MemberProcess process =
          parts.member().kind() == ClusterFile.Kind.PRIMARY
              ? new PrimaryProcess(parts)
              : new SecondaryProcess(parts);
      LOG.info("{} runs as {}", parts.name(), parts.home().id());
      Thread stopper = Thread.ofPlatform().name("stop").unstarted(() -> stop(process, ended));
      Runtime.getRuntime().addShutdownHook(stopper);
      ended.await();
    }
  }

  private static void stop(MemberProcess process, CountDownLatch ended) {
    try {
      process.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }
}
