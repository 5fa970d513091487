package dev.zonekeeper.campaign;

import dev.zonekeeper.campaign.fault.FaultKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a campaign shall be.
 *
 * @param duration how long faults are done; starting the servers and looking at the end come on top
 * @param seed of what is done; when it happens depends on the machine
 * @param kinds the faults to choose from
 * @param folder for the servers, with nothing in it
 * @param basePort the first of 60 ports
 * @param namespaces whether this process is in namespaces of its own, to be used
 * @param plainBind whether BIND with a script takes the place of Zonekeeper
 */
public record CampaignSettings(
    Duration duration,
    long seed,
    List<FaultKind> kinds,
    Path folder,
    int basePort,
    boolean namespaces,
    boolean plainBind) {
  public CampaignSettings {
    kinds = List.copyOf(kinds);
  }
}
