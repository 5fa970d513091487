package dev.zonekeeper.cli;

import dev.zonekeeper.bench.BenchSettings;
import dev.zonekeeper.bench.Benchmarks;
import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code zonekeeper bench}: a cluster beside bare BIND, in numbers. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure a cluster of its own beside bare BIND, in the same run.",
    modelTransformer = BenchCommand.Rows.class)
final class BenchCommand {
  private static final int LIMIT_MISSED = 1;

  /** Names every row in the help: in that of a group its own, in that of all both groups'. */
  static final class Rows implements CommandLine.IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec bench) {
      bench
          .subcommands()
          .forEach((name, group) ->
              group.getCommandSpec().usageMessage().footer(lines(name).toArray(String[]::new)));
      List<String> all = new ArrayList<>(lines("updates"));
      all.addAll(lines("failover"));
      bench.usageMessage().footer(all.toArray(String[]::new));
      return bench;
    }

    private static List<String> lines(String group) {
      List<String> lines = new ArrayList<>(List.of("", "Rows of bench " + group + ":"));
      Benchmarks benchmarks =
          switch (group) {
            case "updates" -> Benchmarks.updates();
            case "failover" -> Benchmarks.failover();
            default -> throw new IllegalArgumentException("no group of benchmarks " + group);
          };
      benchmarks.inWords().forEach(line -> lines.add("  " + line.replace("%", "%%")));
      return lines;
    }
  }

  /** What both groups take. */
  static final class Options {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--quick", description = "Fewer and shorter runs: a first look in minutes.")
    private boolean quick;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description =
            "How many crashes, switchovers (default: 50, with --quick 5), lost disks (10, 2).")
    private int rounds;

    @Option(
        names = "--only",
        paramLabel = "ROW",
        split = ",",
        description = "Only these rows; their names are below.")
    private Set<String> only = Set.of();

    @Option(
        names = "--dir",
        paramLabel = "D",
        description = "A new folder for clusters and servers (default: a temporary one).")
    private Path dir;

    @Option(
        names = "--base-port",
        paramLabel = "N",
        defaultValue = "24000",
        description = "The first of some 200 ports (default: ${DEFAULT-VALUE}).")
    private int basePort;

    @Option(names = "--cpu", description = "Print the processor time of every process.")
    private boolean cpu;

    @Option(
        names = "--output",
        paramLabel = "D",
        description =
            "A folder for the table, and for figures and plots of row 'peers': Markdown, CSV, SVG.")
    private Path output;

    private int run(Benchmarks benchmarks) throws IOException, InterruptedException {
      check(benchmarks.ids());
      Path folder = dir == null ? Files.createTempDirectory("zonekeeper-bench-") : dir;
      BenchSettings settings =
          new BenchSettings(
              quick,
              rounds,
              only,
              folder.toAbsolutePath(),
              basePort,
              cpu,
              Optional.ofNullable(output));
      boolean reached =
          benchmarks.run(settings, ZonekeeperCommand.of(System.getenv()), System.out, System.err);
      return reached ? 0 : LIMIT_MISSED;
    }

    private void check(List<String> ids) {
      Set<String> unknown = new TreeSet<>(only);
      ids.forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw refused("no row %s; there are %s".formatted(unknown, ids));
      }
      if (rounds < 0) {
        throw refused("expected --rounds of 1 or more, found " + rounds);
      }
      if (dir != null && Files.exists(dir)) {
        throw refused(dir + " exists; expected a folder that is not there yet");
      }
    }

    private ParameterException refused(String message) {
      return new ParameterException(spec.commandLine(), message);
    }
  }

  @Command(
      name = "updates",
      mixinStandardHelpOptions = true,
      description = "How fast updates are: throughput, latency, many clients, secondaries.")
  int updates(@Mixin Options options) throws IOException, InterruptedException {
    return options.run(Benchmarks.updates());
  }

  @Command(
      name = "failover",
      mixinStandardHelpOptions = true,
      description =
          "How long writes stop, and what is lost: leader killed, switchover, 10,000 zones.")
  int failover(@Mixin Options options) throws IOException, InterruptedException {
    return options.run(Benchmarks.failover());
  }
}
