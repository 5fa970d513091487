package dev.zonekeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.agent.config.ClusterOutline;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.config.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodEnvironmentTest {
  private static final ClusterOutline CLUSTER =
      new ClusterOutline("demo", 2, 3, 2, Timing.DEFAULT, List.of(), List.of(), Optional.empty());

  private static MemberSettings settings(Map<String, String> environment) throws ConfigException {
    return PodEnvironment.of(environment)
        .settings(PodEnvironment.Layout.under(Path.of("/")), CLUSTER);
  }

  private static Map<String, String> pod(String... more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of("POD_NAME", "demo-primary-0", "POD_NAMESPACE", "dns", "POD_IP", "10.1.2.3"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  @Test
  void thePodsNameAndAddressAreAllThatIsNeeded() throws Exception {
    MemberSettings settings = settings(pod());

    assertThat(settings.member()).isEqualTo("demo-primary-0");
    assertThat(settings.dns().toString()).isEqualTo("/10.1.2.3:10053");
    assertThat(settings.peer().toString()).isEqualTo("/10.1.2.3:1053");
    assertThat(settings.http().getAddress().isAnyLocalAddress()).isTrue();
    assertThat(settings.clusterKey()).isEqualTo(Path.of("/etc/zonekeeper/cluster-key/cluster.key"));
    assertThat(settings.data()).isEqualTo(Path.of("/var/lib/named"));
    assertThat(settings.run()).isEqualTo(Path.of("/run/zonekeeper"));
    assertThat(settings.timing()).isEqualTo(Timing.DEFAULT);
    PodEnvironment environment = PodEnvironment.of(pod());
    assertThat(environment.leaseName(CLUSTER)).isEqualTo("demo");
    assertThat(environment.leaseNamespace()).isEqualTo("dns");
  }

  @Test
  void theFieldsUsualNamesSetTheLease() throws Exception {
    Map<String, String> environment =
        pod(
            "LEASE_NAME", "other",
            "LEASE_NAMESPACE", "elsewhere",
            "LEASE_DURATION_SECONDS", "15",
            "LEASE_RENEW_DEADLINE_SECONDS", "10",
            "LEASE_RETRY_PERIOD_SECONDS", "2");

    assertThat(settings(environment).timing().lease()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings(environment).timing().renew()).isEqualTo(Duration.ofSeconds(2));
    assertThat(PodEnvironment.of(environment).leaseName(CLUSTER)).isEqualTo("other");
    assertThat(PodEnvironment.of(environment).leaseNamespace()).isEqualTo("elsewhere");
  }

  @Test
  void aRequestNeverTakesLongerThanTheLeaseHasLeft() throws Exception {
    PodEnvironment plain = PodEnvironment.of(pod());

    assertThat(plain.requestLimit(settings(pod()).timing())).isEqualTo(Duration.ofSeconds(2));
    var shortLease = pod("LEASE_DURATION_SECONDS", "2");
    assertThat(PodEnvironment.of(shortLease).requestLimit(settings(shortLease).timing()))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      nullValues = "-",
      value = {
        "POD_NAME, -, POD_NAME is not in the environment",
        "POD_NAMESPACE, '', POD_NAMESPACE is not in the environment",
        "POD_IP, here, 'POD_IP: expected an IP address, found \"here\"'",
        "LEASE_DURATION_SECONDS, 5s, 'LEASE_DURATION_SECONDS: expected a whole number'",
        "LEASE_DURATION_SECONDS, 1, LEASE_RETRY_PERIOD_SECONDS: expected less than",
        "LEASE_RETRY_PERIOD_SECONDS, 9, 'LEASE_RETRY_PERIOD_SECONDS: expected less than'",
        "LEASE_RENEW_DEADLINE_SECONDS, 1, 'LEASE_RENEW_DEADLINE_SECONDS: expected between'",
        "LEASE_RENEW_DEADLINE_SECONDS, 5, 'LEASE_RENEW_DEADLINE_SECONDS: expected between'"
      })
  void whatIsWrongIsRefusedByItsName(String name, String value, String message) {
    Map<String, String> environment = pod();
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }

    assertThatThrownBy(() -> settings(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
