package dev.zonekeeper.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;

/** Against dnsjava's own TSIG. */
class UpdateSignerTest {
  private static final Name ZONE = Name.fromConstantString("Example.com.");
  private static final Name NAME = Name.fromConstantString("host.Example.com.");

  private static TsigKey key(String algorithm) {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return new TsigKey(Name.fromConstantString("Some-Key."), algorithm, secret);
  }

  private static byte[] answer(Message request, TsigKey key, int rcode) {
    Message answer = new Message(request.getHeader().getID());
    answer.getHeader().setOpcode(Opcode.UPDATE);
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(request.getSection(Section.ZONE).getFirst(), Section.ZONE);
    answer.setTSIG(key.tsig(), Rcode.NOERROR, request.getTSIG());
    return answer.toWire(65535);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hmac-md5",
        "hmac-sha1",
        "hmac-sha224",
        "hmac-sha256",
        "hmac-sha384",
        "hmac-sha512"
      })
  void aRequestVerifiesAndItsAnswerIsVerified(String algorithm) throws IOException {
    TsigKey key = key(algorithm);
    UpdateSigner signer = new UpdateSigner(key, Clock.systemUTC());

    UpdateSigner.Signed signed = signer.sign(Change.add(ZONE, NAME, "value"), 0xabcd);

    Message request = new Message(signed.message);
    assertThat(key.tsig().verify(request, signed.message, (TSIGRecord) null))
        .isEqualTo(Rcode.NOERROR);
    assertThat(request.getHeader().getID()).isEqualTo(0xabcd);
    byte[] answer = answer(request, key, Rcode.NOERROR);
    assertThat(signer.verifies(ByteBuffer.wrap(answer), signed.mac)).isTrue();
  }

  @Test
  void aRequestThatAsksWhyHasAnOptRecordAndVerifies() throws IOException {
    TsigKey key = key("hmac-sha256");
    UpdateSigner signer = UpdateSigner.askingWhy(key);

    UpdateSigner.Signed signed = signer.sign(Change.add(ZONE, NAME, "value"), 1);

    Message request = new Message(signed.message);
    assertThat(request.getOPT()).isNotNull();
    assertThat(key.tsig().verify(request, signed.message, (TSIGRecord) null))
        .isEqualTo(Rcode.NOERROR);
    byte[] answer = answer(request, key, Rcode.NOERROR);
    assertThat(signer.verifies(ByteBuffer.wrap(answer), signed.mac)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void bothKindsSayWhatTheyShould(Change.Kind kind) throws IOException {
    UpdateSigner signer = UpdateSigner.of(key("hmac-sha256"));

    Message request =
        new Message(signer.sign(new Change(ZONE, NAME, "some text", kind), 7).message);

    assertThat(request.getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
    assertThat(request.getQuestion().getName()).isEqualTo(ZONE);
    assertThat(request.getSection(Section.UPDATE))
        .extracting(Object::toString)
        .map(text -> text.replaceAll("\\s+", " ").strip())
        .isEqualTo(
            switch (kind) {
              case ADD -> List.of("host.Example.com. 60 IN TXT \"some text\"");
              case REPLACE ->
                  List.of(
                      "host.Example.com. 0 ANY TXT", "host.Example.com. 60 IN TXT \"some text\"");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 11, 12, 20, 28, 80, 100})
  void anAnswerWithAChangedOctetIsNotVerified(int position) throws IOException {
    TsigKey key = key("hmac-sha256");
    UpdateSigner signer = UpdateSigner.of(key);
    UpdateSigner.Signed signed = signer.sign(Change.add(ZONE, NAME, "value"), 1);
    byte[] answer = answer(new Message(signed.message), key, Rcode.NOERROR);

    answer[position] ^= 1;

    assertThat(signer.verifies(ByteBuffer.wrap(answer), signed.mac)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 13, 30, 50, 90})
  void aCutAnswerIsNotVerified(int length) throws IOException {
    TsigKey key = key("hmac-sha256");
    UpdateSigner signer = UpdateSigner.of(key);
    UpdateSigner.Signed signed = signer.sign(Change.add(ZONE, NAME, "value"), 1);
    byte[] answer = answer(new Message(signed.message), key, Rcode.NOERROR);

    assertThat(signer.verifies(ByteBuffer.wrap(answer, 0, length).slice(), signed.mac)).isFalse();
  }
}
