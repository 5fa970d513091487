package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.KeyRing;
import dev.zonekeeper.dns.Replies;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/** Against a server that answers as a test wants. */
class LostAnswersTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final TsigKey KEY = TsigKey.generate("load.", new SecureRandom());
  private static final Duration NEVER = Duration.ZERO;

  private DatagramSocket server;

  @BeforeEach
  void open() throws IOException {
    server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    server.setSoTimeout(20_000);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static LoadSettings settings(DatagramSocket... servers) {
    return LoadSettings.udp(
        Arrays.stream(servers).map(s -> (InetSocketAddress) s.getLocalSocketAddress()).toList(),
        UpdateSigner.of(KEY));
  }

  private DatagramPacket received() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
    server.receive(packet);
    return packet;
  }

  private void answer(DatagramPacket request, int rcode) throws IOException {
    request.getData()[2] |= (byte) 0x80;
    request.getData()[3] = (byte) rcode;
    server.send(request);
  }

  @Test
  void aSilentServerMakesTheOutcomeUnknown() throws Exception {
    List<Result> results = new ArrayList<>();
    LoadSettings impatient = settings(server).clients(3).patience(NEVER, Duration.ofMillis(50));

    try (LoadGenerator load =
        new LoadGenerator(impatient, Workload.freshNames(ZONE, "w").limit(5), results::add)) {
      load.start();
      assertThat(load.await(Duration.ofSeconds(20))).isTrue();
    }

    assertThat(results)
        .hasSize(5)
        .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(new Outcome.Unknown("time-out")))
        .allSatisfy(r -> assertThat(r.nanos()).isGreaterThanOrEqualTo(50_000_000))
        .allSatisfy(r -> assertThat(r.transmissions()).isEqualTo(1));
  }

  @Test
  void aRetransmissionHasTheSameBytesAndItsAnswerCounts() throws Exception {
    List<Result> results = new ArrayList<>();
    LoadSettings patient = settings(server).patience(Duration.ofMillis(50), Duration.ofSeconds(20));

    try (LoadGenerator load =
        new LoadGenerator(patient, Workload.freshNames(ZONE, "w").limit(1), results::add)) {
      load.start();
      DatagramPacket first = received();
      String bytes = HexFormat.of().formatHex(first.getData(), 0, first.getLength());
      DatagramPacket second = received();
      assertThat(HexFormat.of().formatHex(second.getData(), 0, second.getLength()))
          .isEqualTo(bytes);
      answer(second, Rcode.YXDOMAIN);
      assertThat(load.await(Duration.ofSeconds(20))).isTrue();
    }

    assertThat(results).hasSize(1);
    assertThat(results.getFirst().outcome()).isEqualTo(new Outcome.Refused(Rcode.YXDOMAIN, ""));
    assertThat(results.getFirst().transmissions()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void anUnsignedNoErrorIsNoAcknowledgement() throws Exception {
    List<Result> results = new ArrayList<>();
    LoadSettings impatient = settings(server).patience(NEVER, Duration.ofSeconds(1));

    try (LoadGenerator load =
        new LoadGenerator(impatient, Workload.freshNames(ZONE, "w").limit(1), results::add)) {
      load.start();
      answer(received(), Rcode.NOERROR);
      assertThat(load.await(Duration.ofSeconds(20))).isTrue();
      assertThat(load.ignoredAnswers()).isEqualTo(1);
    }

    assertThat(results)
        .extracting(Result::outcome)
        .containsExactly(new Outcome.Unknown("time-out"));
  }

  @Test
  void whatTheServerSaysOfAnErrorIsKept() throws Exception {
    List<Result> results = new ArrayList<>();
    LoadSettings asking =
        LoadSettings.udp(
            List.of((InetSocketAddress) server.getLocalSocketAddress()),
            UpdateSigner.askingWhy(KEY));

    try (LoadGenerator load =
        new LoadGenerator(asking, Workload.freshNames(ZONE, "w").limit(1), results::add)) {
      load.start();
      DatagramPacket request = received();
      byte[] refusal =
          new Replies(KeyRing.of(List.of(KEY)))
              .error(
                  Arrays.copyOf(request.getData(), request.getLength()),
                  Rcode.SERVFAIL,
                  new ExtendedError(ExtendedError.NOT_READY, "nobody leads"));
      server.send(new DatagramPacket(refusal, refusal.length, request.getSocketAddress()));
      assertThat(load.await(Duration.ofSeconds(20))).isTrue();
    }

    Outcome.Refused refused = new Outcome.Refused(Rcode.SERVFAIL, "nobody leads");
    assertThat(results).extracting(Result::outcome).containsExactly(refused);
    assertThat(refused.inWords()).isEqualTo("SERVFAIL (nobody leads)");
  }

  @Test
  void aClientGoesToTheNextServerWhenAPortIsUnreachable() throws Exception {
    List<Result> results = new ArrayList<>();
    DatagramSocket gone = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    LoadSettings settings = settings(gone, server).movingOn();
    gone.close();

    try (LoadGenerator load =
        new LoadGenerator(settings, Workload.freshNames(ZONE, "w").limit(2), results::add)) {
      load.start();
      answer(received(), Rcode.REFUSED);
      assertThat(load.await(Duration.ofSeconds(20))).isTrue();
    }

    assertThat(results)
        .extracting(Result::outcome)
        .containsExactly(
            new Outcome.Unknown("port unreachable"), new Outcome.Refused(Rcode.REFUSED, ""));
  }

  @Test
  void aClientGoesToTheNextServerWhenOneIsSilent() throws Exception {
    List<Result> results = new CopyOnWriteArrayList<>();
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        LoadGenerator load =
            new LoadGenerator(
                settings(silent, server).movingOn().patience(NEVER, Duration.ofMillis(50)),
                Workload.freshNames(ZONE, "w"),
                results::add)) {
      load.start();
      received();
    }

    assertThat(results.getFirst().outcome()).isEqualTo(new Outcome.Unknown("time-out"));
  }

  @Test
  void whatIsInFlightWhenStoppedIsReported() throws Exception {
    List<Result> results = new ArrayList<>();

    try (LoadGenerator load =
        new LoadGenerator(
            settings(server).clients(4), Workload.freshNames(ZONE, "w"), results::add)) {
      load.start();
      for (int i = 0; i < 4; i++) {
        received();
      }
      load.stop(Duration.ofMillis(10));
    }

    assertThat(results)
        .hasSize(4)
        .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(new Outcome.Unknown("stopped")));
  }
}
