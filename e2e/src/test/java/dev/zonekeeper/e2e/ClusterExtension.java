package dev.zonekeeper.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Gives each test a cluster that is whole. Starting one takes seconds, so a test gets the one that
 * the test before it left, healed if need be, and a new one only if that one cannot be healed. When
 * a test fails its message ends with what the members logged meanwhile, and their folders are kept
 * in {@code target/e2e}.
 */
final class ClusterExtension
    implements BeforeAllCallback, BeforeEachCallback, TestExecutionExceptionHandler {
  private static final Namespace NAMESPACE = Namespace.create(ClusterExtension.class);
  private static final int LINES_PER_MEMBER = 60;

  private final boolean shared;
  private final String[] options;
  private Holder holder = new Holder();

  private ClusterExtension(boolean shared, String... options) {
    this.shared = shared;
    this.options = options;
  }

  /** The cluster that all test classes share which want nothing special. */
  static ClusterExtension shared() {
    return new ClusterExtension(true);
  }

  /** A cluster of the test class alone, started with these options of {@code local up}. */
  static ClusterExtension own(String... options) {
    return new ClusterExtension(false, options);
  }

  /** The cluster, started when it is needed first. */
  LocalCluster cluster() {
    if (holder.cluster == null) {
      holder.cluster = LocalCluster.up(options);
    }
    return holder.cluster;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Store store = (shared ? context.getRoot() : context).getStore(NAMESPACE);
    holder = store.getOrComputeIfAbsent("cluster", key -> new Holder(), Holder.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!cluster().status().whole()) {
      heal();
    }
    cluster().logs().mark();
  }

  private void heal() {
    try {
      holder.cluster.upAgain();
      holder.cluster.awaitWhole();
    } catch (AssertionError e) {
      System.err.println("A new cluster, for the old one did not heal: " + e.getMessage());
      holder.close();
      holder.cluster = LocalCluster.up(options);
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    if (thrown instanceof TestAbortedException || holder.cluster == null) {
      throw thrown;
    }
    Path kept =
        Path.of("target", "e2e", context.getRequiredTestClass().getSimpleName())
            .resolve(context.getRequiredTestMethod().getName())
            .resolve(context.getDisplayName().replaceAll("[^A-Za-z0-9]+", "_"))
            .toAbsolutePath();
    holder.cluster.logs().keep(kept);
    throw new AssertionError(
        "%s%n%n%s%nThe whole of it is in %s"
            .formatted(
                thrown.getMessage(), holder.cluster.logs().sinceMark(LINES_PER_MEMBER), kept),
        thrown);
  }

  /** What the store closes when the class, or the whole run, is over. */
  private static final class Holder implements AutoCloseable {
    private LocalCluster cluster;

    @Override
    public void close() {
      if (cluster != null) {
        cluster.close();
        cluster = null;
      }
    }
  }
}
