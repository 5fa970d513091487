package dev.zonekeeper.campaign.fault;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The faults that a campaign knows: what each is, where it can be done, and for how long. */
public enum FaultKind {
  /** KILL to a member's agent; it is started a while later. */
  KILL_AGENT("kill-agent", Needs.PROCESSES, 0, 3000),
  /** KILL to a {@code named}; its agent starts it again, or else the campaign. */
  KILL_NAMED("kill-named", Needs.NOTHING, 0, 3000),
  /** KILL to both processes of a member; they are started a while later. */
  KILL_MEMBER("kill-member", Needs.PROCESSES, 0, 5000),
  /** KILL to every process of every member at once. */
  KILL_ALL("kill-all", Needs.PROCESSES, 0, 1000),
  /** STOP to a member's agent, and CONT a while later. */
  STOP_AGENT("stop-agent", Needs.PROCESSES, 300, 7000),
  /** STOP to a {@code named}, and CONT a while later. */
  STOP_NAMED("stop-named", Needs.NOTHING, 300, 7000),
  /** STOP to both processes of a member, and CONT a while later. */
  STOP_MEMBER("stop-member", Needs.PROCESSES, 300, 7000),
  /** A {@code named} that gets no more than a part of the time. */
  SLOW_NAMED("slow-named", Needs.NOTHING, 1000, 6000),
  /** A member's disk on which every sync takes up to a second and a half longer. */
  SLOW_DISK("slow-disk", Needs.PROCESSES, 2000, 8000),
  /** TERM; it is started again when it has ended. */
  TERMINATE("terminate", Needs.NOTHING, 0, 1500),
  /** KILL to a member, its disk is emptied, and it is started again. */
  WIPE("wipe", Needs.NOTHING, 0, 2000),
  /** The lease is deleted. */
  DELETE_LEASE("delete-lease", Needs.AGENTS, 0, 2000),
  /** No fault: an operator lets another member lead. */
  SWITCHOVER("switchover", Needs.AGENTS, 0, 200),
  /** Not one more byte can be written to a member's disk, for a while. */
  FULL_DISK("full-disk", Needs.NETWORK, 500, 5000),
  /** A member is cut off from everybody, clients too. */
  ISOLATE("isolate", Needs.NETWORK, 500, 9000),
  /** A member is cut off from all other members, and clients still reach it. */
  CUT_OFF("cut-off", Needs.NETWORK, 500, 9000),
  /** Two members do not reach each other; others reach both. */
  CUT_LINK("cut-link", Needs.NETWORK, 500, 9000),
  /** What a member sends reaches no other member; it hears them. */
  MUTE("mute", Needs.NETWORK, 500, 9000),
  /** A member hears no other member; they hear it. */
  DEAF("deaf", Needs.NETWORK, 500, 9000),
  /** Every link between members is cut or not, and each direction by itself, at random. */
  RANDOM_CUTS("random-cuts", Needs.NETWORK, 500, 6000),
  /** 30 % of the packets from and to a member are lost. */
  LOSS("loss", Needs.NETWORK, 2000, 8000),
  /** Packets from and to a member come up to 300 ms late, and not in order. */
  DELAY("delay", Needs.NETWORK, 2000, 8000),
  /**
   * SEGV to a pod's agent, which dies of it as of a defect, and {@code named} with it. (As the
   * first process of its container it does not feel a KILL from within.)
   */
  CRASH_AGENT("crash-agent", Needs.PODS, 0, 3000),
  /** A pod is deleted. */
  DELETE_POD("delete-pod", Needs.PODS, 0, 3000),
  /** A pod is deleted without a grace period. */
  FORCE_POD("force-pod", Needs.PODS, 0, 3000),
  /** All pods are deleted at once, without a grace period. */
  FORCE_ALL("force-all", Needs.PODS, 0, 1000),
  /** A pod is evicted, if its disruption budget lets it. */
  EVICT_POD("evict-pod", Needs.PODS, 0, 3000),
  /** All primaries, or all secondaries, are restarted, one after the other. */
  ROLLING_RESTART("rolling-restart", Needs.PODS, 0, 1000);

  /** What a campaign may be about. */
  public enum Place {
    /** Plain BIND and a script. */
    PLAIN_BIND,
    /** A cluster of processes of this machine. */
    LOCAL,
    /** A cluster in pods. */
    KUBERNETES
  }

  /** What must be there. */
  private enum Needs {
    NOTHING,
    /** Agents and a lease. */
    AGENTS,
    /** Members whose two processes can be killed and stopped one by one. */
    PROCESSES,
    /** Namespaces for the network and for file systems: root. */
    NETWORK,
    /** Members that are pods of Kubernetes. */
    PODS
  }

  private final String word;
  private final Needs needs;
  private final Duration leastHold;
  private final Duration mostHold;

  FaultKind(String word, Needs needs, int leastHoldMillis, int mostHoldMillis) {
    this.word = word;
    this.needs = needs;
    this.leastHold = Duration.ofMillis(leastHoldMillis);
    this.mostHold = Duration.ofMillis(mostHoldMillis);
  }

  /** How it is called on the command line and in reports. */
  public String word() {
    return word;
  }

  /** The shortest time until it is undone. */
  public Duration leastHold() {
    return leastHold;
  }

  /** The longest time until it is undone. */
  public Duration mostHold() {
    return mostHold;
  }

  /** Whether it takes namespaces, which only root can make. */
  public boolean needsNamespaces() {
    return needs == Needs.NETWORK;
  }

  /** Whether it can be done there, with all rights. */
  public boolean isOf(Place place) {
    return switch (needs) {
      case NOTHING -> true;
      case AGENTS -> place != Place.PLAIN_BIND;
      case PROCESSES, NETWORK -> place == Place.LOCAL;
      case PODS -> place == Place.KUBERNETES;
    };
  }

  /** The kind that is called so. */
  public static Optional<FaultKind> called(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** Those that can be done there. */
  public static List<FaultKind> of(Place place) {
    return Arrays.stream(values()).filter(kind -> kind.isOf(place)).toList();
  }
}
