package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Update;

class RepliesTest {
  private static final ExtendedError WHY =
      new ExtendedError(ExtendedError.NOT_READY, "no leader is elected yet");

  private final Replies replies = new Replies(() -> Samples.KEYS, Samples.AT_NOON);

  @Test
  void an_error_answers_the_request_it_was_made_for() throws IOException {
    Message query = Samples.soaQuery();
    query.getHeader().setFlag(Flags.RD);

    Message answer = error(query.toWire(), Rcode.SERVFAIL);

    assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
    assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
    assertThat(answer.getHeader().getOpcode()).isEqualTo(Opcode.QUERY);
    assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
    assertThat(answer.getOPT()).isNull();
    assertThat(answer.getTSIG()).isNull();
  }

  @Test
  void the_answer_to_an_update_has_its_zone_and_none_of_its_records() throws IOException {
    Update update = Samples.update();
    update.present(Samples.ZONE);

    Message answer = error(update.toWire(), Rcode.REFUSED);

    assertThat(answer.getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
    assertThat(answer.getQuestion()).isEqualTo(update.getQuestion());
    for (int section = 1; section <= 3; section++) {
      assertThat(answer.getSection(section)).isEmpty();
    }
  }

  @Test
  void with_edns_the_reason_is_told_and_the_do_bit_is_copied() throws IOException {
    Message query = Samples.soaQuery();
    query.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);

    OPTRecord opt = error(query.toWire(), Rcode.SERVFAIL).getOPT();

    ExtendedErrorCodeOption told =
        (ExtendedErrorCodeOption) opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).getFirst();
    assertThat(told.getErrorCode()).isEqualTo(ExtendedError.NOT_READY);
    assertThat(told.getText()).isEqualTo("no leader is elected yet");
    assertThat(opt.getFlags()).isEqualTo(0x8000);
    assertThat(opt.getVersion()).isZero();
  }

  @Test
  void a_long_reason_is_cut_at_a_whole_character() throws IOException {
    Message query = Samples.soaQuery();
    query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    ExtendedError wordy = new ExtendedError(ExtendedError.OTHER, "\uD83D\uDE80".repeat(200));

    byte[] answer = replies.error(query.toWire(), Rcode.SERVFAIL, wordy);

    assertThat(answer).hasSizeLessThan(512);
    ExtendedErrorCodeOption told =
        (ExtendedErrorCodeOption) new Message(answer).getOPT().getOptions().getFirst();
    assertThat(told.getText()).isEqualTo("\uD83D\uDE80".repeat(30));
  }

  @Test
  void an_rcode_that_needs_edns_is_servfail_without() throws IOException {
    Message query = Samples.soaQuery();
    assertThat(error(query.toWire(), Rcode.BADVERS).getRcode()).isEqualTo(Rcode.SERVFAIL);

    query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
    assertThat(error(query.toWire(), Rcode.BADVERS).getRcode()).isEqualTo(Rcode.BADVERS);
  }

  @Test
  void a_malformed_request_gets_a_header_and_one_without_a_header_gets_nothing()
      throws IOException {
    byte[] cut = Arrays.copyOf(Samples.update().toWire(), 20);

    byte[] answer = replies.error(cut, Rcode.FORMERR, WHY);

    assertThat(answer).hasSize(12).startsWith(cut[0], cut[1]);
    assertThat(new Message(answer).getRcode()).isEqualTo(Rcode.FORMERR);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replies.error(new byte[11], Rcode.FORMERR, WHY));
  }

  @ParameterizedTest
  @EnumSource(HmacAlgorithm.class)
  void the_answer_to_a_signed_request_is_signed_as_its_answer(HmacAlgorithm algorithm)
      throws IOException {
    TsigKey key = new TsigKey(Samples.KEY.name(), algorithm.bindName(), Samples.KEY.secret());
    Replies withKey = new Replies(KeyRing.of(java.util.List.of(key)));
    Update update = Samples.update();
    update.setTSIG(key.tsig());
    byte[] request = update.toWire(65_535);

    byte[] answer = withKey.error(request, Rcode.SERVFAIL, WHY);

    assertThat(key.tsig().verify(new Message(answer), answer, new Message(request).getTSIG()))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void a_request_relayed_under_another_id_is_still_verified_under_its_original_one()
      throws IOException {
    byte[] request = signedAt(Samples.AT_NOON, Samples.KEY);
    request[0] ^= 0x55;

    assertThat(error(request, Rcode.SERVFAIL).getTSIG()).isNotNull();
  }

  @Test
  void truncated_says_tc_and_is_signed() throws IOException {
    byte[] answer = replies.truncated(signedAt(Samples.AT_NOON, Samples.KEY));

    Message parsed = new Message(answer);
    assertThat(parsed.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(parsed.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(parsed.getTSIG()).isNotNull();
    assertThat(parsed.getSection(Section.ANSWER)).isEmpty();
  }

  @Test
  void an_error_for_a_request_that_does_not_verify_is_not_signed() throws IOException {
    byte[] forged = forged();

    assertThat(error(forged, Rcode.SERVFAIL).getTSIG()).isNull();
  }

  @Test
  void notauth_says_what_is_wrong_with_the_tsig() throws IOException {
    TSIGRecord badSig = error(forged(), Rcode.NOTAUTH).getTSIG();
    assertThat(badSig.getError()).isEqualTo(Rcode.BADSIG);
    assertThat(badSig.getSignature()).isEmpty();

    TsigKey stranger = Samples.key("stranger.");
    TSIGRecord badKey = error(signedAt(Samples.AT_NOON, stranger), Rcode.NOTAUTH).getTSIG();
    assertThat(badKey.getError()).isEqualTo(Rcode.BADKEY);
    assertThat(badKey.getName()).isEqualTo(stranger.name());
    assertThat(badKey.getSignature()).isEmpty();
  }

  @Test
  void a_wrong_clock_is_told_in_a_signed_answer_with_our_time() throws IOException {
    Clock late = Clock.offset(Samples.AT_NOON, Duration.ofSeconds(301));
    byte[] request = signedAt(late, Samples.KEY);

    byte[] answer = replies.error(request, Rcode.NOTAUTH, WHY);

    TSIGRecord tsig = new Message(answer).getTSIG();
    assertThat(tsig.getError()).isEqualTo(Rcode.BADTIME);
    assertThat(tsig.getOther())
        .isEqualTo(new ByteSink(6).u48(Samples.NOON.getEpochSecond()).toBytes());
    TSIG theirs =
        new TSIG(
            TSIG.HMAC_SHA256,
            Samples.KEY.name(),
            new javax.crypto.spec.SecretKeySpec(Samples.KEY.secret(), "HmacSHA256"),
            late);
    assertThat(theirs.verify(new Message(answer), answer, new Message(request).getTSIG()))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void the_clock_may_differ_by_the_fudge() throws IOException {
    Clock early = Clock.offset(Samples.AT_NOON, Duration.ofMinutes(-5));

    assertThat(error(signedAt(early, Samples.KEY), Rcode.NOTAUTH).getTSIG().getError()).isZero();
  }

  @Test
  void the_keys_of_the_moment_are_used() throws IOException {
    byte[] request = signedAt(Samples.AT_NOON, Samples.KEY);
    KeyRing[] now = {KeyRing.of(java.util.List.of())};
    Replies changing = new Replies(() -> now[0], Samples.AT_NOON);

    assertThat(new Message(changing.error(request, Rcode.REFUSED, WHY)).getTSIG()).isNull();
    now[0] = Samples.KEYS;
    assertThat(new Message(changing.error(request, Rcode.REFUSED, WHY)).getTSIG()).isNotNull();
  }

  private Message error(byte[] request, int rcode) throws IOException {
    return new Message(replies.error(request, rcode, WHY));
  }

  private static byte[] signedAt(Clock clock, TsigKey key) {
    return TsigChain.ofRequest(key, clock).sign(Samples.update().toWire());
  }

  private static byte[] forged() {
    byte[] request = signedAt(Samples.AT_NOON, Samples.KEY);
    request[12 + 1] ^= 0x20; // the zone in capitals: a MAC is over the bytes
    assertThat(Peek.of(request)).isInstanceOf(Peek.Readable.class);
    assertThat(((Peek.Readable) Peek.of(request)).dclass()).isEqualTo(DClass.IN);
    return request;
  }
}
