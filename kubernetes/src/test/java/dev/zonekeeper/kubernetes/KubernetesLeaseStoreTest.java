package dev.zonekeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a real API server. */
@ExtendWith(ControlPlane.Extension.class)
class KubernetesLeaseStoreTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ControlPlane plane;
  private final List<AutoCloseable> open = new ArrayList<>();
  private String name;
  private Api admin;

  KubernetesLeaseStoreTest(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeEach
  void aLeaseNameOfItsOwn(TestInfo test) {
    name = "l" + Integer.toUnsignedString(test.getDisplayName().hashCode());
    admin = keep(plane.admin());
    admin.client().leases().inNamespace(ControlPlane.NAMESPACE).withName(name).delete();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }

  private KubernetesLeaseStore unwatched(int port) {
    Api api = keep(Api.of(plane.as(ControlPlane.ADMIN, port), LIMIT));
    return keep(KubernetesLeaseStore.unwatched(api, ControlPlane.NAMESPACE, name, "demo"));
  }

  private KubernetesLeaseStore watched(int port) {
    Api api = keep(Api.of(plane.as(ControlPlane.ADMIN, port), LIMIT));
    return keep(KubernetesLeaseStore.watched(api, ControlPlane.NAMESPACE, name, "demo"));
  }

  private static Lease lease(String holder, long revision) {
    return new Lease(
        Optional.of(holder),
        1,
        revision,
        Instant.now().truncatedTo(ChronoUnit.MICROS),
        Duration.ofSeconds(5),
        Set.of(new MemberId(holder, "a1")),
        Optional.empty());
  }

  private static LeaseStore.Versioned applied(LeaseStore.CasResult result) {
    assertThat(result).isInstanceOf(LeaseStore.Applied.class);
    return ((LeaseStore.Applied) result).now();
  }

  private static Optional<LeaseStore.Versioned> conflict(LeaseStore.CasResult result) {
    assertThat(result).isInstanceOf(LeaseStore.Conflict.class);
    return ((LeaseStore.Conflict) result).now();
  }

  private LeaseStore.Versioned created(LeaseStore store) throws IOException {
    return applied(store.compareAndSet(Optional.empty(), lease("a", 1)));
  }

  private void edit(java.util.function.UnaryOperator<LeaseBuilder> change) {
    admin
        .client()
        .leases()
        .inNamespace(ControlPlane.NAMESPACE)
        .withName(name)
        .edit(object -> change.apply(new LeaseBuilder(object)).build());
  }

  private void delete() {
    admin.client().leases().inNamespace(ControlPlane.NAMESPACE).withName(name).delete();
  }

  // Compare-and-swap.

  @Test
  void aLeaseIsMadeChangedAndReleased() throws Exception {
    LeaseStore store = unwatched(plane.port());
    assertThat(store.read()).isEmpty();

    LeaseStore.Versioned first = created(store);
    assertThat(store.read()).contains(first);
    Lease released = first.lease().next(first.lease().renewedAt()).withHolder(Optional.empty());
    LeaseStore.Versioned second =
        applied(store.compareAndSet(Optional.of(first.version()), released));

    assertThat(second.lease()).isEqualTo(released);
    assertThat(unwatched(plane.port()).read()).contains(second);
  }

  @Test
  void whoeverComesSecondIsToldWhatTheLeaseIsNow() throws Exception {
    LeaseStore store = unwatched(plane.port());
    LeaseStore other = unwatched(plane.port());
    LeaseStore.Versioned first = created(store);

    assertThat(conflict(other.compareAndSet(Optional.empty(), lease("b", 1)))).contains(first);
    LeaseStore.Versioned second =
        applied(other.compareAndSet(Optional.of(first.version()), lease("b", 2)));
    assertThat(conflict(store.compareAndSet(Optional.of(first.version()), lease("a", 2))))
        .contains(second);
  }

  @Test
  void aDeletedLeaseIsAConflictAndOneMadeAnewNeverMatchesAnOldVersion() throws Exception {
    LeaseStore store = unwatched(plane.port());
    LeaseStore.Versioned first = created(store);

    delete();
    assertThat(conflict(store.compareAndSet(Optional.of(first.version()), lease("a", 2))))
        .isEmpty();
    LeaseStore.Versioned anew = created(unwatched(plane.port()));

    assertThat(anew.version()).isNotEqualTo(first.version());
    assertThat(conflict(store.compareAndSet(Optional.of(first.version()), lease("a", 2))))
        .contains(anew);
  }

  @Test
  void ofManyAtOnceExactlyOneWinsEachRound() throws Exception {
    int stores = 8;
    int rounds = 25;
    List<KubernetesLeaseStore> contenders = new ArrayList<>();
    for (int i = 0; i < stores; i++) {
      contenders.add(i % 2 == 0 ? watched(plane.port()) : unwatched(plane.port()));
    }
    CyclicBarrier together = new CyclicBarrier(stores);
    try (var threads = Executors.newFixedThreadPool(stores)) {
      Optional<LeaseStore.Versioned> now = Optional.empty();
      for (int round = 1; round <= rounds; round++) {
        Optional<String> expected = now.map(LeaseStore.Versioned::version);
        List<Future<LeaseStore.CasResult>> results = new ArrayList<>();
        for (int i = 0; i < stores; i++) {
          LeaseStore store = contenders.get(i);
          Lease mine = lease("member-" + i, round);
          results.add(
              threads.submit(() -> {
                together.await();
                return store.compareAndSet(expected, mine);
              }));
        }
        List<LeaseStore.Versioned> winners = new ArrayList<>();
        for (Future<LeaseStore.CasResult> result : results) {
          if (result.get() instanceof LeaseStore.Applied won) {
            winners.add(won.now());
          }
        }
        assertThat(winners).as("round " + round).hasSize(1);
        now = Optional.of(winners.getFirst());
        assertThat(unwatched(plane.port()).read()).isEqualTo(now);
      }
    }
  }

  @Test
  void whatIsWrittenOnceIsOnceWrittenEvenIfTheAnswerIsLost() throws Exception {
    BadNetwork network = keep(new BadNetwork(plane.port()));
    LeaseStore store = unwatched(network.port());
    LeaseStore.Versioned first = created(store);
    int connections = network.connections();

    network.loseNextAnswer();
    Lease mine = lease("a", 2);
    assertThatThrownBy(() -> store.compareAndSet(Optional.of(first.version()), mine))
        .isInstanceOf(IOException.class);

    assertThat(network.connections()).isEqualTo(connections);
    await().atMost(SOON).until(() -> store.read().get().lease().equals(mine));
    assertThat(
            conflict(store.compareAndSet(Optional.of(first.version()), lease("a", 2)))
                .get()
                .lease())
        .isEqualTo(mine);
  }

  @Test
  void aServerThatRefusesIsAskedOnce() throws Exception {
    for (int code : new int[] {429, 500, 503, 504}) {
      try (RefusingServer server = new RefusingServer(code)) {
        Api api =
            keep(
                Api.of(
                    new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.port() + "/")
                        .build(),
                    LIMIT));
        LeaseStore store =
            KubernetesLeaseStore.unwatched(api, ControlPlane.NAMESPACE, name, "demo");

        assertThatThrownBy(() -> store.compareAndSet(Optional.empty(), lease("a", 1)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("HTTP " + code);
        assertThat(server.requests()).as("HTTP " + code).isEqualTo(1);
      }
    }
  }

  @Test
  void whoeverTriesAgainAtOnceDoesNotFloodAServerThatRefuses() throws Exception {
    try (RefusingServer server = new RefusingServer(429)) {
      Api api =
          keep(
              Api.of(
                  new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                      .withMasterUrl("http://127.0.0.1:" + server.port() + "/")
                      .build(),
                  LIMIT));
      LeaseStore store = KubernetesLeaseStore.unwatched(api, ControlPlane.NAMESPACE, name, "demo");
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();

      while (System.nanoTime() < end) {
        assertThatThrownBy(() -> store.compareAndSet(Optional.empty(), lease("a", 1)))
            .isInstanceOf(IOException.class);
      }

      assertThat(server.requests()).isBetween(3, 8);
    }
  }

  // What is read.

  @Test
  void anOperatorAsksForAHandoverWithKubectlAnnotate() throws Exception {
    LeaseStore store = watched(plane.port());
    LeaseStore.Versioned first = created(store);

    edit(object -> object.editMetadata().addToAnnotations(Names.HANDOVER_TO, "b").endMetadata());

    await()
        .atMost(SOON)
        .until(() -> store.read().get().lease().handoverTo().equals(Optional.of("b")));
    LeaseStore.Versioned now = store.read().get();
    assertThat(now.version()).isNotEqualTo(first.version());
    Lease next = now.lease().withHandoverTo(Optional.empty()).next(now.lease().renewedAt());
    assertThat(applied(store.compareAndSet(Optional.of(now.version()), next)).lease())
        .isEqualTo(next);
  }

  @Test
  void aScribbledLeaseIsAnErrorThatNamesTheField() throws Exception {
    LeaseStore store = watched(plane.port());
    created(store);

    edit(object -> object.editMetadata().addToAnnotations(Names.REVISION, "x").endMetadata());

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThatThrownBy(store::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("annotation zonekeeper.dev/revision"));
  }

  @Test
  void aChangeWakesWhoeverWaitsAndIsThereToBeRead() throws Exception {
    LeaseStore writer = unwatched(plane.port());
    LeaseStore.Versioned now = created(writer);
    KubernetesLeaseStore reader = watched(plane.port());
    await().atMost(SOON).until(() -> reader.read().isPresent());

    for (int i = 2; i < 12; i++) {
      long began = System.nanoTime();
      now = applied(writer.compareAndSet(Optional.of(now.version()), lease("a", i)));
      while (!reader.read().equals(Optional.of(now))) {
        reader.awaitChange(Duration.ofSeconds(5));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }
    delete();
    long began = System.nanoTime();
    while (reader.read().isPresent()) {
      reader.awaitChange(Duration.ofSeconds(5));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void readingCostsNoRequestsWhileTheLeaseIsRenewed() throws Exception {
    LeaseStore writer = unwatched(plane.port());
    LeaseStore.Versioned now = created(writer);
    KubernetesLeaseStore reader = watched(plane.port());
    now = applied(writer.compareAndSet(Optional.of(now.version()), lease("a", 2)));
    Optional<LeaseStore.Versioned> latest = Optional.of(now);
    await().atMost(SOON).until(() -> reader.read().equals(latest));
    long before = leaseGets();

    for (int i = 3; i < 13; i++) {
      now = applied(writer.compareAndSet(Optional.of(now.version()), lease("a", i)));
      for (int look = 0; look < 20; look++) {
        reader.read();
        reader.awaitChange(Duration.ofMillis(10));
      }
    }

    assertThat(reader.read()).contains(now);
    assertThat(leaseGets() - before).isLessThan(3);
  }

  private long leaseGets() {
    String metrics = admin.client().raw("/metrics");
    return Pattern.compile("(?m)^apiserver_request_total\\{[^}]*resource=\"leases\"[^}]*\\} (\\d+)")
        .matcher(metrics)
        .results()
        .filter(line -> line.group().contains("verb=\"GET\""))
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }

  // Trouble.

  @Test
  void aWatchThatDiedSilentlyDoesNotPassForALeaseThatDoesNotChange() throws Exception {
    LeaseStore writer = unwatched(plane.port());
    LeaseStore.Versioned now = created(writer);
    BadNetwork network = keep(new BadNetwork(plane.port()));
    KubernetesLeaseStore reader = watched(network.port());
    await().atMost(SOON).until(() -> reader.read().isPresent());

    network.silence();
    long began = System.nanoTime();
    now = applied(writer.compareAndSet(Optional.of(now.version()), lease("a", 2)));
    Optional<LeaseStore.Versioned> second = Optional.of(now);
    await()
        .atMost(KubernetesLeaseStore.TRUSTED.plus(LIMIT.multipliedBy(3)))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> reader.read().equals(second));
    assertThat(System.nanoTime() - began)
        .isLessThan(KubernetesLeaseStore.TRUSTED.plus(LIMIT.multipliedBy(3)).toNanos());

    // And the watch is begun anew: changes are seen at once again.
    int[] revision = {2};
    LeaseStore.Versioned[] last = {now};
    await()
        .atMost(SOON)
        .until(() -> {
          revision[0]++;
          last[0] =
              applied(
                  writer.compareAndSet(Optional.of(last[0].version()), lease("a", revision[0])));
          reader.awaitChange(Duration.ofMillis(300));
          return reader.read().equals(Optional.of(last[0]));
        });
  }

  @Test
  void aConnectionThatIsCutIsMadeAnew() throws Exception {
    LeaseStore writer = unwatched(plane.port());
    LeaseStore.Versioned now = created(writer);
    BadNetwork network = keep(new BadNetwork(plane.port()));
    KubernetesLeaseStore reader = watched(network.port());
    await().atMost(SOON).until(() -> reader.read().isPresent());

    for (int i = 2; i < 6; i++) {
      network.cutAll();
      now = applied(writer.compareAndSet(Optional.of(now.version()), lease("a", i)));
      Optional<LeaseStore.Versioned> expected = Optional.of(now);
      await()
          .atMost(Duration.ofSeconds(2))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> reader.read().equals(expected));
    }
  }

  @Test
  void anApiServerThatHangsIsAnErrorInTimeAndIsThereAgainAfterwards() throws Exception {
    KubernetesLeaseStore store = watched(plane.port());
    LeaseStore.Versioned first = created(store);
    plane.freeze();
    try {
      long began = System.nanoTime();
      assertThatThrownBy(() -> store.compareAndSet(Optional.of(first.version()), lease("a", 2)))
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT.multipliedBy(3));
      await()
          .atMost(KubernetesLeaseStore.TRUSTED.plus(LIMIT.multipliedBy(3)))
          .untilAsserted(() -> assertThatThrownBy(store::read).isInstanceOf(IOException.class));
    } finally {
      plane.thaw();
    }
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> store.read().isPresent());
  }

  @Test
  void anApiServerThatIsKilledIsAnErrorInTimeAndIsThereAgainAfterwards() throws Exception {
    KubernetesLeaseStore store = watched(plane.port());
    LeaseStore.Versioned first = created(store);
    plane.killServer();
    try {
      await()
          .atMost(KubernetesLeaseStore.TRUSTED)
          .untilAsserted(() ->
              assertThatThrownBy(store::read)
                  .isInstanceOf(IOException.class)
                  .hasMessageContaining("refuses connections"));
      assertThatThrownBy(() -> store.compareAndSet(Optional.of(first.version()), lease("a", 2)))
          .isInstanceOf(IOException.class);
    } finally {
      plane.start();
    }
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> store.read().equals(Optional.of(first)));
    LeaseStore writer = unwatched(plane.port());
    LeaseStore.Versioned second =
        applied(writer.compareAndSet(Optional.of(first.version()), lease("a", 2)));
    await().atMost(SOON).until(() -> store.read().equals(Optional.of(second)));
  }

  @Test
  void aTokenThatWasReplacedIsReadAgain(@TempDir Path folder) throws Exception {
    Files.copy(plane.certificate(), folder.resolve("ca.crt"));
    Path token = Files.writeString(folder.resolve("token"), "expired\n");
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(plane.port()));
    Api api = keep(Api.of(Api.ofServiceAccount(environment, folder), LIMIT));
    LeaseStore store =
        keep(KubernetesLeaseStore.watched(api, ControlPlane.NAMESPACE, name, "demo"));
    assertThatThrownBy(store::read).isInstanceOf(IOException.class).hasMessageContaining("401");
    assertThatThrownBy(() -> store.compareAndSet(Optional.empty(), lease("a", 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401");

    Files.writeString(token, ControlPlane.ADMIN + "\n");

    assertThat(created(store).lease().holder()).contains("a");
  }
}
