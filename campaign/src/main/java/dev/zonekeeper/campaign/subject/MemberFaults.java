package dev.zonekeeper.campaign.subject;

import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.Injection;
import dev.zonekeeper.campaign.subject.Member.What;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How each kind of fault is done to the members of a cluster. */
final class MemberFaults {
  private static final Duration END = Duration.ofSeconds(40);
  private static final Duration LEAST_SYNC = Duration.ofMillis(50);
  private static final Duration MOST_SYNC = Duration.ofMillis(1500);
  private static final int LEADER_PERCENT = 45;
  private static final int PRIMARY_PERCENT = 35;

  private final Cluster cluster;
  private final boolean slowsDisks;

  MemberFaults(Cluster cluster) throws InterruptedException {
    this.cluster = cluster;
    this.slowsDisks = SlowSyncs.arePossible();
  }

  /** Does it; empty when it would go too far now. */
  Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException {
    Member member = target(random);
    return switch (kind) {
      case KILL_AGENT -> Optional.of(kill(member, What.AGENT));
      case KILL_NAMED -> Optional.of(kill(member, What.NAMED));
      case KILL_MEMBER -> Optional.of(kill(member, What.AGENT, What.NAMED));
      case KILL_ALL -> Optional.of(killAll());
      case STOP_AGENT -> Optional.of(stop(member, What.AGENT));
      case STOP_NAMED -> Optional.of(stop(member, What.NAMED));
      case STOP_MEMBER -> Optional.of(stop(member, What.AGENT, What.NAMED));
      case SLOW_NAMED ->
          Optional.of(Slowness.of(shown(member), signal -> member.signal(signal, What.NAMED)));
      case SLOW_DISK -> slowDisk(member, random);
      case TERMINATE -> Optional.of(terminate(member));
      case WIPE -> wipe(member);
      case DELETE_LEASE -> Optional.of(deleteLease());
      case SWITCHOVER -> switchover();
      case FULL_DISK -> Optional.of(fill(member));
      case DELAY -> delay(member, random);
      case ISOLATE, CUT_OFF, CUT_LINK, MUTE, DEAF, RANDOM_CUTS, LOSS ->
          Optional.of(cut(kind, member, random));
      case CRASH_AGENT, DELETE_POD, FORCE_POD, FORCE_ALL, EVICT_POD, ROLLING_RESTART ->
          Optional.empty();
    };
  }

  private Member target(RandomGenerator random) {
    int draw = random.nextInt(100);
    List<Member> leaders = cluster.primaries().stream().filter(Member::leads).toList();
    if (draw < LEADER_PERCENT && !leaders.isEmpty()) {
      return any(leaders, random);
    }
    return any(
        draw < LEADER_PERCENT + PRIMARY_PERCENT ? cluster.primaries() : cluster.secondaries(),
        random);
  }

  private static Member any(List<Member> members, RandomGenerator random) {
    return members.get(random.nextInt(members.size()));
  }

  /** Who it is, and whether it led: faults of a leader are others than those of a standby. */
  private static String shown(Member member) {
    return member.leads() ? member.name() + " (leader)" : member.name();
  }

  private Injection kill(Member member, What... processes)
      throws IOException, InterruptedException {
    String target = shown(member);
    member.signal("KILL", processes);
    return new Injection(target, () -> cluster.start(member));
  }

  private Injection killAll() throws IOException, InterruptedException {
    for (Member member : cluster.members()) {
      member.signal("KILL", What.AGENT, What.NAMED);
    }
    return new Injection("all", cluster::startAll);
  }

  private static Injection stop(Member member, What... processes)
      throws IOException, InterruptedException {
    String target = shown(member);
    member.signal("STOP", processes);
    return new Injection(target, () -> member.signal("CONT", processes));
  }

  /** Whether syncs can be made slow here. */
  boolean slowsDisks() {
    return slowsDisks;
  }

  private static Optional<Injection> slowDisk(Member member, RandomGenerator random)
      throws IOException, InterruptedException {
    Duration delay =
        LEAST_SYNC.plusMillis(random.nextLong(MOST_SYNC.minus(LEAST_SYNC).toMillis() + 1));
    String target = "%s, %d ms a sync".formatted(shown(member), delay.toMillis());
    return SlowSyncs.of(member.pids(), delay).map(slow -> new Injection(target, slow::end));
  }

  private Injection terminate(Member member) throws IOException, InterruptedException {
    String target = shown(member);
    member.signal("TERM", What.AGENT);
    return new Injection(
        target,
        () -> {
          member.signal("CONT", What.AGENT, What.NAMED);
          awaitEnd(member, What.AGENT);
          cluster.start(member);
        });
  }

  /**
   * Empties a disk, if there is another one that surely has all that was acknowledged: of a member
   * in the in-sync set, and the very disk that was in sync.
   */
  private Optional<Injection> wipe(Member member) throws IOException, InterruptedException {
    String target = shown(member);
    member.signal("KILL", What.AGENT, What.NAMED);
    awaitEnd(member, What.AGENT);
    awaitEnd(member, What.NAMED);
    if (!anotherDiskIsInSync(member)) {
      cluster.start(member);
      return Optional.empty();
    }
    new SmallDisk(member.data()).empty();
    return Optional.of(new Injection(target, () -> cluster.start(member)));
  }

  private boolean anotherDiskIsInSync(Member member) {
    Map<String, String> inSync = cluster.lease().inSync();
    return cluster.primaries().stream()
        .filter(other -> !other.equals(member))
        .anyMatch(other ->
            inSync.containsKey(other.name())
                && other.incarnation().equals(Optional.of(inSync.get(other.name()))));
  }

  private static void awaitEnd(Member member, What what) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + END.toNanos();
    while (member.pid(what).isPresent()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "the %s of %s did not end within %d s".formatted(what, member.name(), END.toSeconds()));
      }
      Thread.sleep(20);
    }
  }

  private Injection deleteLease() throws IOException {
    cluster.lease().delete();
    return new Injection("the lease", () -> {});
  }

  private Optional<Injection> switchover() throws InterruptedException {
    try {
      cluster.switchover(Optional.empty());
    } catch (IOException nobodyToTakeOver) {
      return Optional.empty();
    }
    return Optional.of(new Injection("the leader", () -> {}));
  }

  private static Injection fill(Member member) throws IOException {
    String target = shown(member);
    SmallDisk disk = new SmallDisk(member.data());
    disk.fill();
    return new Injection(target, disk::free);
  }

  private Optional<Injection> delay(Member member, RandomGenerator random)
      throws IOException, InterruptedException {
    String target = shown(member);
    int millis = 20 + random.nextInt(180);
    return cluster
        .network()
        .orElseThrow()
        .delay(member.name(), millis, millis / 2)
        .map(cut -> new Injection(target, cut::mend));
  }

  private Injection cut(FaultKind kind, Member member, RandomGenerator random)
      throws IOException, InterruptedException {
    Network network = cluster.network().orElseThrow();
    List<String> others =
        cluster.members().stream().map(Member::name).filter(n -> !n.equals(member.name())).toList();
    List<Map.Entry<String, String>> out =
        others.stream().map(other -> Map.entry(member.name(), other)).toList();
    List<Map.Entry<String, String>> in =
        others.stream().map(other -> Map.entry(other, member.name())).toList();
    String target = shown(member);
    Network.AutoCut cut;
    switch (kind) {
      case ISOLATE -> cut = network.isolate(member.name());
      case LOSS -> cut = network.lose(member.name(), 30);
      case MUTE -> cut = network.oneWay(out);
      case DEAF -> cut = network.oneWay(in);
      case CUT_OFF -> cut = network.oneWay(both(out, in));
      case CUT_LINK -> {
        int other = random.nextInt(others.size());
        target += " and " + others.get(other);
        cut = network.oneWay(List.of(out.get(other), in.get(other)));
      }
      default -> {
        target = "all";
        cut = network.oneWay(random(random));
      }
    }
    return new Injection(target, cut::mend);
  }

  private List<Map.Entry<String, String>> random(RandomGenerator random) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    for (Member from : cluster.members()) {
      for (Member to : cluster.members()) {
        if (!from.equals(to) && random.nextInt(100) < 35) {
          pairs.add(Map.entry(from.name(), to.name()));
        }
      }
    }
    return pairs;
  }

  private static List<Map.Entry<String, String>> both(
      List<Map.Entry<String, String>> some, List<Map.Entry<String, String>> others) {
    List<Map.Entry<String, String>> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
