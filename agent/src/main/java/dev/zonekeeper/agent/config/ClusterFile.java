package dev.zonekeeper.agent.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/**
 * {@code cluster.json}: what the cluster shall be. Agents watch it and follow its changes. All
 * paths are absolute here; in the file they are relative to its folder.
 *
 * @param name what people call the cluster
 * @param minInSync how many members must hold an update before it is acknowledged, the leader
 *     counted; 1 to the number of primaries
 * @param members at least one of them a primary
 * @param keys the keys that clients sign with; the members' own key is not among them
 * @param queryLog whether members log each query; empty for no
 */
public record ClusterFile(
    String name,
    int minInSync,
    List<Member> members,
    List<Zone> zones,
    List<Key> keys,
    Optional<QueryLog> queryLog) {

  /** The version of the file's format that this program reads and writes. */
  public static final int VERSION = 1;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** What a member may become. */
  public enum Kind {
    /** May be elected leader. */
    PRIMARY,
    /** Only answers queries. */
    SECONDARY;

    /** As it is written in files: {@code primary}, {@code secondary}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("expected primary or secondary, found \"" + word + "\"");
    }
  }

  /**
   * One member.
   *
   * @param name a DNS label in lower case
   * @param dns where clients go
   * @param peer where other members go
   * @param http probes, metrics, status
   */
  public record Member(
      String name,
      Kind kind,
      InetSocketAddress dns,
      InetSocketAddress peer,
      InetSocketAddress http) {
    /** Checks the name. */
    public Member {
      checkedName(name);
    }
  }

  /**
   * One zone.
   *
   * @param name absolute, in lower case
   * @param seed the zone file that the first leader starts from
   * @param notifyTargets foreign secondaries that are told of every commit
   */
  public record Zone(Name name, Optional<Path> seed, List<InetSocketAddress> notifyTargets) {
    /** Takes a copy of the list. */
    public Zone {
      notifyTargets = List.copyOf(notifyTargets);
    }
  }

  /**
   * What a key may change in a zone.
   *
   * @param rule the rest of an {@code update-policy} grant after the key's name, such as {@code
   *     zonesub ANY} or {@code subdomain dyn.example.com. A AAAA}
   */
  public record Grant(Name zone, String rule) {
    private static final Set<String> RULE_TYPES =
        Set.of("name", "self", "selfsub", "selfwild", "subdomain", "wildcard", "zonesub");
    private static final Pattern RULE =
        Pattern.compile("[A-Za-z0-9._*@\\\\()-]+( [A-Za-z0-9._*@\\\\()-]+)*");

    /** Checks that the rule is one grant and cannot end the statement it is put in. */
    public Grant {
      if (!RULE.matcher(rule).matches() || !RULE_TYPES.contains(rule.split(" ", 2)[0])) {
        throw new IllegalArgumentException(
            "rule: expected an update-policy rule such as \"zonesub ANY\" that starts with one of "
                + String.join(", ", RULE_TYPES.stream().sorted().toList())
                + ", found \""
                + rule
                + "\"");
      }
    }
  }

  /**
   * A TSIG key of clients.
   *
   * @param name as in the file
   * @param file the key in BIND's syntax
   * @param grants what it may change
   * @param transfer whether it may transfer zones: those it has grants for; all of them if it has
   *     none
   */
  public record Key(Name name, Path file, List<Grant> grants, boolean transfer) {
    /** Takes a copy of the list. */
    public Key {
      grants = List.copyOf(grants);
    }

    /** Whether this key may transfer all zones: it may transfer, and names none. */
    public boolean transfersAll() {
      return transfer && grants.isEmpty();
    }
  }

  /** Checks what concerns more than one field. */
  public ClusterFile {
    members = List.copyOf(members);
    zones = List.copyOf(zones);
    keys = List.copyOf(keys);
    checkedName(name);
    unique("member", members, Member::name);
    unique("dns address", members, Member::dns);
    unique("peer address", members, Member::peer);
    unique("http address", members, Member::http);
    unique("zone", zones, Zone::name);
    unique("key", keys, Key::name);
    long primaries = members.stream().filter(m -> m.kind() == Kind.PRIMARY).count();
    if (primaries == 0) {
      throw new IllegalArgumentException("members: expected at least one of kind primary");
    }
    if (minInSync < 1 || minInSync > primaries) {
      throw new IllegalArgumentException(
          "minInSync: expected 1 to "
              + primaries
              + ", the number of primaries, found "
              + minInSync);
    }
    Set<Name> zoneNames = zones.stream().map(Zone::name).collect(Collectors.toSet());
    for (Key key : keys) {
      for (Grant grant : key.grants()) {
        if (!zoneNames.contains(grant.zone())) {
          throw new IllegalArgumentException(
              "keys: "
                  + key.name().toString(true)
                  + " is granted zone "
                  + grant.zone().toString(true)
                  + ", which is not among the zones");
        }
      }
    }
  }

  /** Without a log of queries. */
  public ClusterFile(
      String name, int minInSync, List<Member> members, List<Zone> zones, List<Key> keys) {
    this(name, minInSync, members, zones, keys, Optional.empty());
  }

  /**
   * Reads and checks the file.
   *
   * @throws ConfigException the file is missing, is not JSON, or a field is missing, unknown or
   *     wrong; the message is one line that names the file and the field
   */
  public static ClusterFile load(Path file) throws IOException, ConfigException {
    return Fields.read(file, VERSION, ClusterFile::read);
  }

  /** The same with what the file has. */
  static ClusterFile of(Path file, byte[] content) throws IOException, ConfigException {
    return Fields.read(file, content, VERSION, ClusterFile::read);
  }

  /** Replaces the file atomically, under its lock. Paths within its folder are written relative. */
  public void write(Path file) throws IOException {
    AtomicFile.locked(
        file,
        () -> {
          replace(file);
          return this;
        });
  }

  /** A change of the file's content. */
  @FunctionalInterface
  public interface Edit {
    /**
     * The content after the change.
     *
     * @throws ConfigException the change cannot be made; nothing is written
     */
    ClusterFile apply(ClusterFile now) throws ConfigException;
  }

  /** Loads, changes and replaces the file while nobody else does. Returns what was written. */
  public static ClusterFile edit(Path file, Edit edit) throws IOException, ConfigException {
    return AtomicFile.<ClusterFile, ConfigException>locked(
        file,
        () -> {
          ClusterFile next = edit.apply(load(file));
          next.replace(file);
          return next;
        });
  }

  /** The member of that name. */
  public Optional<Member> member(String member) {
    return members.stream().filter(m -> m.name().equals(member)).findFirst();
  }

  /** The members that may be elected. */
  public List<Member> primaries() {
    return members.stream().filter(m -> m.kind() == Kind.PRIMARY).toList();
  }

  /** The members that only answer queries. */
  public List<Member> secondaries() {
    return members.stream().filter(m -> m.kind() == Kind.SECONDARY).toList();
  }

  /** The zone of that name. */
  public Optional<Zone> zone(Name zone) {
    return zones.stream().filter(z -> z.name().equals(zone)).findFirst();
  }

  /** This with other zones. */
  public ClusterFile withZones(List<Zone> others) {
    return new ClusterFile(name, minInSync, members, others, keys, queryLog);
  }

  /** This with other keys. */
  public ClusterFile withKeys(List<Key> others) {
    return new ClusterFile(name, minInSync, members, zones, others, queryLog);
  }

  static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a name of lower-case letters, digits and hyphens, found \"" + name + "\"");
    }
    return name;
  }

  /**
   * A domain name as people write it, absolute with or without the dot at its end.
   *
   * @throws IllegalArgumentException it is not one
   */
  public static Name domain(String text) {
    return Fields.domainOf(text);
  }

  private static ClusterFile read(Fields fields) throws ConfigException {
    return new ClusterFile(
        fields.text("name"),
        fields.integer("minInSync", 1, Integer.MAX_VALUE),
        fields.objects("members", ClusterFile::readMember),
        zones(fields),
        keys(fields),
        queryLog(fields));
  }

  static List<Zone> zones(Fields fields) throws ConfigException {
    return fields.objects("zones", ClusterFile::readZone);
  }

  static Optional<QueryLog> queryLog(Fields fields) throws ConfigException {
    return fields.optionalObject("queryLog", QueryLog::read);
  }

  static List<Key> keys(Fields fields) throws ConfigException {
    return fields.objects("keys", ClusterFile::readKey);
  }

  private static Member readMember(Fields fields) throws ConfigException {
    return new Member(
        fields.text("name"),
        fields.converted("kind", fields.text("kind"), Kind::of),
        fields.address("dns"),
        fields.address("peer"),
        fields.address("http"));
  }

  private static Zone readZone(Fields fields) throws ConfigException {
    return new Zone(
        fields.domain("name"),
        fields.optionalPath("seed"),
        fields.texts("notify", Addresses::parse));
  }

  private static Key readKey(Fields fields) throws ConfigException {
    return new Key(
        fields.domain("name"),
        fields.path("file"),
        fields.objects("grants", grant -> new Grant(grant.domain("zone"), grant.text("rule"))),
        fields.flag("transfer"));
  }

  private void replace(Path file) throws IOException {
    AtomicFile.write(file, toBytes(file), "rw-r--r--");
  }

  /** What the file of that path has to have to say this. */
  byte[] toBytes(Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    ObjectNode json = Fields.JSON.createObjectNode();
    json.put("version", VERSION).put("name", name).put("minInSync", minInSync);
    var memberList = json.putArray("members");
    for (Member member : members) {
      memberList
          .addObject()
          .put("name", member.name())
          .put("kind", member.kind().word())
          .put("dns", Addresses.format(member.dns()))
          .put("peer", Addresses.format(member.peer()))
          .put("http", Addresses.format(member.http()));
    }
    var zoneList = json.putArray("zones");
    for (Zone zone : zones) {
      ObjectNode entry = zoneList.addObject().put("name", zone.name().toString(true));
      zone.seed().ifPresent(seed -> entry.put("seed", Fields.written(seed, folder, folder)));
      var notify = entry.putArray("notify");
      zone.notifyTargets().forEach(address -> notify.add(Addresses.format(address)));
    }
    var keyList = json.putArray("keys");
    for (Key key : keys) {
      ObjectNode entry = keyList.addObject().put("name", key.name().toString(true));
      entry.put("file", Fields.written(key.file(), folder, folder));
      var grants = entry.putArray("grants");
      for (Grant grant : key.grants()) {
        grants.addObject().put("zone", grant.zone().toString(true)).put("rule", grant.rule());
      }
      entry.put("transfer", key.transfer());
    }
    queryLog.ifPresent(log ->
        json.putObject("queryLog").put("versions", log.versions()).put("sizeMiB", log.sizeMiB()));
    return Fields.bytes(json);
  }

  private static <T> void unique(String what, List<T> values, Function<T, Object> of) {
    Set<Object> seen = new HashSet<>();
    for (T value : values) {
      Object key = of.apply(value);
      if (!seen.add(key)) {
        String shown = key instanceof InetSocketAddress at ? Addresses.format(at) : key.toString();
        throw new IllegalArgumentException(what + " " + shown + " is there twice");
      }
    }
  }
}
