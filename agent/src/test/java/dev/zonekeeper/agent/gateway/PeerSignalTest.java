package dev.zonekeeper.agent.gateway;

import static dev.zonekeeper.agent.gateway.Wire.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.gateway.PeerSignal.Kind;
import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.KeyRing;
import dev.zonekeeper.dns.Replies;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;

class PeerSignalTest {

  @ParameterizedTest
  @EnumSource
  void aSignalIsReadAsItWasWritten(Kind kind) {
    PeerSignal signal = new PeerSignal(kind, "this member does not lead");

    assertThat(PeerSignal.of(signal.answerTo(update(0xABCD).toWire()))).contains(signal);
  }

  @Test
  void itIsADnsMessageThatAnybodyCanRead() {
    byte[] bytes = new PeerSignal(Kind.NOT_LEADER, "why").answerTo(update(0xABCD).toWire());

    Message message = Wire.parse(bytes);
    assertThat(message.getHeader().getID()).isEqualTo(0xABCD);
    assertThat(message.getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
    assertThat(message.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(message.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR))
        .singleElement()
        .isInstanceOfSatisfying(
            ExtendedErrorCodeOption.class,
            error -> {
              assertThat(error.getErrorCode()).isEqualTo(51053);
              assertThat(error.getText()).isEqualTo("why");
            });
  }

  @Test
  void anAnswerForTheClientIsNeverTakenForASignal() {
    byte[] request = Wire.withEdns(update(7), 1232).toWire();
    byte[] servfail =
        new Replies(KeyRing.of(List.of()))
            .error(request, Rcode.SERVFAIL, new ExtendedError(51053, "as if"));

    assertThat(PeerSignal.of(servfail)).isEmpty();
    assertThat(PeerSignal.of(Wire.noError(request))).isEmpty();
    assertThat(PeerSignal.of(new byte[0])).isEmpty();
    assertThat(PeerSignal.of(new byte[12])).isEmpty();
  }

  @Test
  void whatDiffersFromASignalInAnyByteButIdAndTextIsNone() {
    byte[] signal = new PeerSignal(Kind.NOT_TAKEN, "why").answerTo(update(7).toWire());

    for (int at = 3; at < signal.length - "why".length(); at++) {
      byte[] other = signal.clone();
      other[at] ^= 0x40;
      assertThat(PeerSignal.of(other)).as("with another byte %d", at).isEmpty();
    }
    assertThat(PeerSignal.of(Arrays.copyOf(signal, signal.length + 1))).isEmpty();
  }
}
