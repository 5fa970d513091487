package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Prerequisite;
import dev.zonekeeper.campaign.history.Register;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The names of a campaign in zones that belong to others: tried out before, and deleted in the end.
 *
 * @param branches where they are; nothing else is touched
 * @param keys that must all be able to write there
 * @param server where updates go
 */
public record OwnNames(List<Branch> branches, List<TsigKey> keys, Server server) {
  /** The label that the names of all campaigns are below of. */
  public static final String LABEL = "zonekeeper-campaign";

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int TRIES = 5;

  public OwnNames {
    branches = List.copyOf(branches);
    keys = List.copyOf(keys);
  }

  /** Where the campaign of that seed has its names in a zone. */
  public static Branch branch(Name zone, long seed) {
    try {
      return new Branch(zone, Name.fromString(seed + "." + LABEL, zone));
    } catch (TextParseException tooLong) {
      throw new IllegalArgumentException(zone + " is too long for names below it", tooLong);
    }
  }

  /**
   * Tries each key in each branch, and deletes what an earlier campaign has left there.
   *
   * @throws IOException a key may not do what it must; the message says what to grant
   */
  public void prepare() throws IOException, InterruptedException {
    for (Branch branch : branches) {
      for (TsigKey key : keys) {
        tryOut(branch, key);
      }
    }
    delete();
  }

  private void tryOut(Branch branch, TsigKey key) throws IOException {
    Register probe = register(branch, "probe");
    UpdateClient.Result result = send(key, probe, new Change.Add("probe"));
    if (result.outcome() != Outcome.ACKNOWLEDGED) {
      throw new IOException(
          "an update of %s with key %s at %s was not acknowledged: %s%s"
              .formatted(
                  probe,
                  key.name().toString(true),
                  server.name(),
                  result.detail(),
                  result.detail().equals("REFUSED") || result.detail().equals("NOTAUTH")
                      ? "; the key needs the rule \"subdomain %s.%s TXT\""
                          .formatted(LABEL, branch.zone())
                      : ""));
    }
  }

  /**
   * Deletes all names of the branches.
   *
   * @throws IOException that was not done; the message says which names are left
   */
  public void delete() throws IOException {
    for (Branch branch : branches) {
      Set<Register> left = present(branch);
      for (int tries = 0; !left.isEmpty() && tries < TRIES; tries++) {
        left.forEach(register -> send(keys.getFirst(), register, new Change.Clear()));
        left = present(branch);
      }
      if (!left.isEmpty()) {
        throw new IOException(
            "%,d names below %s could not be deleted; a campaign of the same seed does it"
                .formatted(left.size(), branch.top()));
      }
    }
  }

  private Set<Register> present(Branch branch) throws IOException {
    try {
      return ZoneContent.of(server, branch, keys.getFirst()).content().keySet();
    } catch (IOException refused) {
      throw new IOException(
          "%s; the key needs \"transfer: true\"".formatted(refused.getMessage()), refused);
    }
  }

  private UpdateClient.Result send(TsigKey key, Register register, Change change) {
    return new UpdateClient(key, Wire.TCP, PATIENCE)
        .send(server, register, new Action.Write(new Prerequisite.Always(), change));
  }

  private static Register register(Branch branch, String label) throws TextParseException {
    return new Register(branch.zone(), Name.fromString(label, branch.top()));
  }
}
