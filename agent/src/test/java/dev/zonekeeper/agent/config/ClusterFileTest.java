package dev.zonekeeper.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

class ClusterFileTest {
  private static final String GOOD =
      """
      {"version":1,"name":"demo","minInSync":2,
       "members":[
        {"name":"primary-0","kind":"primary","dns":"127.0.0.1:5301","peer":"127.0.0.1:5302","http":"127.0.0.1:5303"},
        {"name":"primary-1","kind":"primary","dns":"127.0.0.1:5311","peer":"127.0.0.1:5312","http":"127.0.0.1:5313"},
        {"name":"secondary-0","kind":"secondary","dns":"[::1]:5321","peer":"127.0.0.1:5322","http":"127.0.0.1:5323"}],
       "zones":[{"name":"Example.com","seed":"seeds/example.com.zone","notify":["127.0.0.1:5555"]}],
       "keys":[{"name":"demo-update","file":"keys/demo-update.key",
                "grants":[{"zone":"example.com.","rule":"zonesub ANY"}],"transfer":true}]}
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void aFile() {
    file = folder.resolve("cluster.json");
  }

  @Test
  void pathsAreRelativeToTheFileAndNamesAreAbsoluteAndLowerCase() throws Exception {
    Files.writeString(file, GOOD);

    ClusterFile cluster = ClusterFile.load(file);

    ClusterFile.Zone zone = cluster.zones().getFirst();
    assertThat(zone.name()).isEqualTo(Name.fromConstantString("example.com."));
    assertThat(zone.name()).hasToString("example.com.");
    assertThat(zone.seed()).contains(folder.resolve("seeds/example.com.zone"));
    assertThat(cluster.keys().getFirst().file()).isEqualTo(folder.resolve("keys/demo-update.key"));
    assertThat(cluster.primaries()).extracting("name").containsExactly("primary-0", "primary-1");
    assertThat(cluster.secondaries()).extracting("name").containsExactly("secondary-0");
  }

  @Test
  void whatIsWrittenIsReadBackAlsoFromAFolderThatWasMoved() throws Exception {
    Files.writeString(file, GOOD);
    ClusterFile before = ClusterFile.load(file);
    before.write(file);
    assertThat(ClusterFile.load(file)).isEqualTo(before);

    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("cluster.json");
    Files.move(file, elsewhere);

    assertThat(ClusterFile.load(elsewhere).zones().getFirst().seed())
        .contains(folder.resolve("elsewhere/seeds/example.com.zone"));
  }

  @Test
  void queriesAreLoggedOnlyWhereThatIsAskedFor() throws Exception {
    Files.writeString(file, GOOD);
    assertThat(ClusterFile.load(file).queryLog()).isEmpty();

    Files.writeString(
        file,
        GOOD.replace(
            "{\"version\":1", "{\"queryLog\":{\"versions\":5,\"sizeMiB\":20},\"version\":1"));
    ClusterFile wanted = ClusterFile.load(file).withKeys(List.of()).withZones(List.of());
    wanted.write(file);

    assertThat(wanted.queryLog()).contains(new QueryLog(5, 20));
    assertThat(ClusterFile.load(file)).isEqualTo(wanted);
  }

  @Test
  void aPathOutsideTheFolderStaysAbsolute() throws Exception {
    Files.writeString(file, GOOD.replace("seeds/example.com.zone", "/srv/zones/example.com"));
    ClusterFile.load(file).write(file);
    assertThat(Files.readString(file)).contains("\"/srv/zones/example.com\"");
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "version":1               | "version":2              | version: expected 1, found 2: another version of Zonekeeper wrote it
          "version":1,              |                          | version: is missing
          "minInSync":2             | "minInSync":3            | minInSync: expected 1 to 2, the number of primaries, found 3
          "minInSync":2             | "minInSync":"2"          | minInSync: expected a whole number from 1 to 2147483647, found "2"
          "minInSync":2             | "minInSync":2,"colour":1 | colour: no such field; there are keys, members, minInSync, name, queryLog, version, zones
          127.0.0.1:5301            | 127.0.0.1:65536          | members[0].dns: expected an IP address and a port such as 127.0.0.1:5301, found "127.0.0.1:65536"
          127.0.0.1:5301            | localhost:5301           | members[0].dns: expected an IP address and a port such as 127.0.0.1:5301, found "localhost:5301"
          [::1]:5321                | ::1:5321                 | members[2].dns: expected an IP address and a port such as 127.0.0.1:5301, found "::1:5321"
          127.0.0.1:5312            | 127.0.0.1:5302           | peer address 127.0.0.1:5302 is there twice
          "name":"primary-1"        | "name":"primary-0"       | member primary-0 is there twice
          "name":"primary-1"        | "name":"Primary/1"       | members[1]: expected a name of lower-case letters, digits and hyphens, found "Primary/1"
          "kind":"secondary"        | "kind":"slave"           | members[2].kind: expected primary or secondary, found "slave"
          "name":"Example.com"      | "name":"example..com"    | zones[0].name: expected a domain name, found "example..com"
          "zone":"example.com."     | "zone":"example.org"     | keys: demo-update is granted zone example.org, which is not among the zones
          zonesub ANY               | zonesub ANY; }; evil {   | keys[0].grants[0]: rule: expected an update-policy rule
          "transfer":true           | "transfer":"yes"         | keys[0].transfer: expected true or false, found "yes"
          "notify":["127.0.0.1:5555"] | "notify":"127.0.0.1:5555" | zones[0].notify: expected a list, found "127.0.0.1:5555"
          "minInSync":2             | "minInSync":2,"queryLog":{"versions":5} | queryLog.sizeMiB: is missing
          "minInSync":2             | "minInSync":2,"queryLog":{"versions":0,"sizeMiB":20} | queryLog.versions: expected a whole number from 1 to 1000, found 0
          "version":1               | "version":1,"version":1  | line 1: Duplicate field 'version'
          """)
  void anErrorNamesTheFileTheFieldWhatWasExpectedAndWhatWasFound(
      String part, String replacement, String error) throws IOException {
    Files.writeString(file, GOOD.replace(part, replacement == null ? "" : replacement));
    assertThatThrownBy(() -> ClusterFile.load(file))
        .isInstanceOf(ConfigException.class)
        .message()
        .startsWith(file + ": " + error)
        .hasLineCount(1);
  }

  @Test
  void aMissingFileIsSaidInWords() {
    assertThatThrownBy(() -> ClusterFile.load(file)).hasMessage(file + ": no such file");
  }

  @Test
  void anEditThatFailsChangesNothing() throws Exception {
    Files.writeString(file, GOOD);

    assertThatThrownBy(() ->
            ClusterFile.edit(
                file,
                now -> {
                  throw new ConfigException("no");
                }))
        .hasMessage("no");

    assertThat(Files.readString(file)).isEqualTo(GOOD);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void editsAtTheSameTimeAllTakeEffect() throws Exception {
    Files.writeString(file, GOOD);
    List<Future<ClusterFile>> edits = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        Name zone = Name.fromString("z" + i + ".example.");
        edits.add(
            threads.submit(() ->
                ClusterFile.edit(
                    file,
                    now -> {
                      List<ClusterFile.Zone> zones = new ArrayList<>(now.zones());
                      zones.add(new ClusterFile.Zone(zone, Optional.empty(), List.of()));
                      return now.withZones(zones);
                    })));
      }
    }
    for (var edit : edits) {
      edit.get();
    }
    assertThat(ClusterFile.load(file).zones()).hasSize(21);
  }
}
