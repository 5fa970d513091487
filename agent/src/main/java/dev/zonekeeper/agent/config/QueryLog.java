package dev.zonekeeper.agent.config;

/**
 * That {@code named} logs every query, into files of the member's data folder: {@code query.log},
 * and when that has reached its size {@code query.log.0}, the older the higher the number.
 *
 * @param versions how many full files are kept, 1 to 1000
 * @param sizeMiB how large one may become, 1 to 4096
 */
public record QueryLog(int versions, int sizeMiB) {
  private static final int MOST_VERSIONS = 1000;
  private static final int LARGEST_MIB = 4096;

  /** Checks the ranges. */
  public QueryLog {
    if (versions < 1 || versions > MOST_VERSIONS) {
      throw new IllegalArgumentException(
          "versions: expected 1 to " + MOST_VERSIONS + ", found " + versions);
    }
    if (sizeMiB < 1 || sizeMiB > LARGEST_MIB) {
      throw new IllegalArgumentException(
          "sizeMiB: expected 1 to " + LARGEST_MIB + ", found " + sizeMiB);
    }
  }

  static QueryLog read(Fields fields) throws ConfigException {
    return new QueryLog(
        fields.integer("versions", 1, MOST_VERSIONS), fields.integer("sizeMiB", 1, LARGEST_MIB));
  }
}
