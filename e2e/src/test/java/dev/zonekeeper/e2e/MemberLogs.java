package dev.zonekeeper.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The logs of a cluster's members: what the reader of a failed test needs. */
final class MemberLogs {
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[.,]\\d+(?:Z|[+-]\\d\\d:?\\d\\d)");
  private static final DateTimeFormatter WITH_OFFSET =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS][XXX][XX]");
  private static final long LARGEST_KEPT_FILE = 20_000_000;

  private final Path cluster;
  private final Map<String, Long> marks = new TreeMap<>();

  MemberLogs(Path cluster) {
    this.cluster = cluster;
  }

  /** From here on {@link #sinceMark} counts. */
  void mark() {
    marks.clear();
    files().forEach((member, file) -> marks.put(member, size(file)));
  }

  /** What each member wrote since the mark, its last lines at most. */
  String sinceMark(int linesPerMember) {
    StringBuilder text = new StringBuilder();
    files()
        .forEach((member, file) -> {
          List<String> lines = lines(file, marks.getOrDefault(member, 0L));
          int from = Math.max(0, lines.size() - linesPerMember);
          text.append(
              "--- %s, last %d of %d lines%n".formatted(member, lines.size() - from, lines.size()));
          lines.subList(from, lines.size()).forEach(line -> text.append(line).append('\n'));
        });
    return text.toString();
  }

  /** What the members wrote about this moment. */
  String around(Instant moment, Duration margin) {
    StringBuilder text = new StringBuilder();
    files()
        .forEach((member, file) ->
            lines(file, 0L).stream()
                .filter(line -> isNear(line, moment, margin))
                .forEach(line -> text.append(member).append(": ").append(line).append('\n')));
    return text.toString();
  }

  /** The lines of one member since the mark that contain the words. */
  List<String> mentions(String member, String words) {
    Path file = files().get(member);
    return file == null
        ? List.of()
        : lines(file, marks.getOrDefault(member, 0L)).stream()
            .filter(line -> line.contains(words))
            .toList();
  }

  /**
   * Copies the cluster's folder, large files left out, for a look after the test. Members may be
   * running: what vanishes meanwhile is left out.
   */
  void keep(Path target) {
    try {
      Files.walkFileTree(
          cluster,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile() && attributes.size() < LARGEST_KEPT_FILE) {
                copy(file, target.resolve(cluster.relativize(file).toString()));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + cluster, e);
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try {
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      // It was a temporary one.
    }
  }

  private static boolean isNear(String line, Instant moment, Duration margin) {
    return time(line)
        .map(t -> Duration.between(t, moment).abs().compareTo(margin) <= 0)
        .orElse(false);
  }

  private static Optional<Instant> time(String line) {
    Matcher matcher = TIME.matcher(line);
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      String iso = matcher.group().replace(' ', 'T').replace(',', '.');
      return Optional.of(OffsetDateTime.parse(iso, WITH_OFFSET).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Map<String, Path> files() {
    Path members = cluster.resolve("members");
    if (!Files.isDirectory(members)) {
      return Map.of();
    }
    try (Stream<Path> folders = Files.list(members)) {
      return folders
          .filter(folder -> Files.exists(log(folder)))
          .collect(
              Collectors.toMap(
                  folder -> folder.getFileName().toString(),
                  MemberLogs::log,
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path log(Path member) {
    return member.resolve("log").resolve("agent.log");
  }

  private static List<String> lines(Path file, long from) {
    try {
      byte[] all = Files.readAllBytes(file);
      int start = from > all.length ? 0 : (int) from;
      return new String(all, start, all.length - start, UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
