package dev.zonekeeper.agent.commit;

import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import java.io.IOException;
import java.time.Duration;

/** The way to the other members. */
@FunctionalInterface
public interface MemberLink {

  /**
   * Asks a member to confirm a serial.
   *
   * @throws IOException no answer within the time, or none that can be believed; caused by a {@link
   *     java.net.ConnectException} where nobody listens
   */
  Confirmation confirm(String member, CommitRequest request, Duration timeout)
      throws IOException, InterruptedException;
}
