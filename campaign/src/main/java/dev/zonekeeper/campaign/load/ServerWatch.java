package dev.zonekeeper.campaign.load;

import java.time.Duration;
import java.util.OptionalLong;
import org.xbill.DNS.Name;

/** Asks a server whether it is there. */
public final class ServerWatch {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private ServerWatch() {}

  /** The serial that it serves; empty when it does not say so within half a second. */
  public static OptionalLong serial(Server server, Name zone) {
    return new QueryClient(server, PATIENCE).serial(zone);
  }
}
