package dev.zonekeeper.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** BIND's programs, which live in folders that are not on everybody's path. */
final class Tools {
  private Tools() {}

  static String find(String program) throws CommandFailed {
    List<String> folders = new ArrayList<>(Arrays.asList(System.getenv("PATH").split(":")));
    folders.addAll(List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"));
    return folders.stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseThrow(() ->
            CommandFailed.refused(
                program + " is not installed; it is in Debian's package bind9-utils"));
  }
}
