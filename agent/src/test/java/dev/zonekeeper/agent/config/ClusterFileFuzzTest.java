package dev.zonekeeper.agent.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JacksonException;
import dev.zonekeeper.agent.Damage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A {@code cluster.json} that somebody is in the middle of writing, or has written wrong, is a
 * cluster, or is refused in one line that names the file.
 */
class ClusterFileFuzzTest {
  private static final Path FILE = Path.of("/cluster/cluster.json");

  private static final String GOOD =
      """
      {"version":1,"name":"demo","minInSync":2,
       "members":[
        {"name":"primary-0","kind":"primary","dns":"127.0.0.1:5301","peer":"127.0.0.1:5302","http":"127.0.0.1:5303"},
        {"name":"primary-1","kind":"primary","dns":"127.0.0.1:5311","peer":"127.0.0.1:5312","http":"127.0.0.1:5313"},
        {"name":"secondary-0","kind":"secondary","dns":"[::1]:5321","peer":"127.0.0.1:5322","http":"127.0.0.1:5323"}],
       "zones":[{"name":"Ex\\\\032ample.com","seed":"seeds/example.com.zone","notify":["127.0.0.1:5555"]}],
       "keys":[{"name":"demo-update","file":"keys/demo-update.key",
                "grants":[{"zone":"ex\\\\032ample.com.","rule":"zonesub ANY"}],"transfer":true}],
       "queryLog":{"versions":3,"sizeMiB":10}}
      """;

  static Stream<Arguments> files() {
    return originals().stream().map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "")
  void a_file(byte[] bytes) throws Exception {
    check(bytes);
  }

  @Test
  void filesDamagedAtRandom() {
    Damage.each(originals(), ClusterFileFuzzTest::check);
  }

  @Test
  void theOneThatIsDamagedIsGood() throws Exception {
    assertThat(ClusterFile.of(FILE, GOOD.getBytes(UTF_8)).zones()).hasSize(1);
  }

  private static void check(byte[] bytes) throws Exception {
    ClusterFile cluster;
    try {
      cluster = ClusterFile.of(FILE, bytes);
    } catch (ConfigException e) {
      assertThat(e).hasMessageStartingWith(FILE + ": ");
      return;
    } catch (JacksonException e) {
      throw new AssertionError("not in one line", e);
    } catch (IOException e) { // such as bytes that are no UTF-8
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(ClusterFile.of(FILE, cluster.toBytes(FILE))).isEqualTo(cluster);
  }

  private static List<byte[]> originals() {
    return List.of(GOOD.getBytes(UTF_8));
  }
}
