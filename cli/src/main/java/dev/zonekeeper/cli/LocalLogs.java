package dev.zonekeeper.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonekeeper local logs}: what one member says, or all of them in order of time. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Show what a member logs, or all members in order of time.")
final class LocalLogs implements Callable<Integer> {
  private static final int LAST_LINES = 200;

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Parameters(arity = "0..1", paramLabel = "MEMBER", description = "Such as primary-0; or: leader.")
  private String member;

  @Option(names = "--follow", description = "Go on with what is added, until interrupted.")
  private boolean follow;

  LocalLogs(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A line with the text that it is ordered by: its time, or that of the line before. */
  private record Line(String time, String text) {}

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    List<ClusterFolder.MemberFolder> members =
        member == null ? folder.members(folder.cluster()) : List.of(folder.known(member));
    List<LogFile> followed = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (ClusterFolder.MemberFolder one : members) {
      followed.add(LogFile.atEnd(one.log()));
      lines.addAll(lines(one, LogFile.tail(one.log(), LAST_LINES)));
    }
    print(lines);
    while (follow) {
      Waiting.pause(Duration.ofMillis(200));
      List<Line> added = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        added.addAll(lines(members.get(i), followed.get(i).added()));
      }
      print(added);
    }
    return 0;
  }

  private List<Line> lines(ClusterFolder.MemberFolder of, List<String> texts) {
    String prefix = member == null ? of.member() + " | " : "";
    List<Line> lines = new ArrayList<>();
    String time = "";
    for (String text : texts) {
      String first = text.split(" ", 2)[0];
      if (first.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")) {
        time = first;
      }
      lines.add(new Line(time, prefix + text));
    }
    return lines;
  }

  private void print(List<Line> lines) {
    lines.stream()
        .sorted(Comparator.comparing(Line::time))
        .forEach(line -> terminal.out().println(line.text()));
    terminal.out().flush();
  }
}
