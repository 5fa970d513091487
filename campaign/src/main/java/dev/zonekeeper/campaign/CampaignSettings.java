package dev.zonekeeper.campaign;

import dev.zonekeeper.campaign.fault.FaultKind;
import java.time.Duration;
import java.util.List;

/**
 * What a campaign shall be.
 *
 * @param duration how long faults are done; starting the servers and looking at the end come on top
 * @param seed of what is done; when it happens depends on the machine
 * @param kinds the faults to choose from
 */
public record CampaignSettings(Duration duration, long seed, List<FaultKind> kinds) {
  public CampaignSettings {
    kinds = List.copyOf(kinds);
  }
}
