package dev.zonekeeper.dns;

import java.time.Clock;
import java.util.Arrays;
import java.util.function.Supplier;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers that are made here and not by {@code named}: header, question, and where the request has
 * them, an OPT record and a TSIG record. They fit into 512 octets, except with a very long key name
 * under a very long question.
 */
public final class Replies {
  private static final int QR = 0x80;
  private static final int OPCODE_AND_RD = 0x79;
  private static final int TC = 0x02;
  private static final int CD = 0x10;
  private static final int DO = 0x8000;

  /** What is safe from fragmentation, as BIND says by default. */
  private static final int OUR_UDP_SIZE = 1232;

  private static final int MAX_TEXT = 120; // octets

  private final Supplier<KeyRing> keys;
  private final Clock clock;

  /** With keys that do not change, and the clock of the system. */
  public Replies(KeyRing keys) {
    this(() -> keys);
  }

  /** With the keys as they are when an answer is made, and the clock of the system. */
  public Replies(Supplier<KeyRing> keys) {
    this(keys, Clock.systemUTC());
  }

  /** With the keys as they are when an answer is made. */
  public Replies(Supplier<KeyRing> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * An answer without records. ID, opcode, RD and CD bits and the question are the request's; of a
   * request that is {@link Peek.Malformed} only the header is answered.
   *
   * <p>It is signed if the request's TSIG verifies. If it does not, the answer has no TSIG, but
   * with the RCODE NOTAUTH it has one that says BADKEY, BADSIG, BADTIME or BADTRUNC (RFC 8945
   * section 5.2).
   *
   * @param rcode 0 to 4095; past 15 it needs an OPT record in the request and is SERVFAIL without
   * @param why goes out as Extended DNS Error if the request has an OPT record
   * @throws IllegalArgumentException the request is shorter than a header
   */
  public byte[] error(byte[] request, int rcode, ExtendedError why) {
    return answer(request, rcode, 0, why.toOption(MAX_TEXT));
  }

  /**
   * "Ask again over TCP": TC set, no records (RFC 2181 section 9), signed if the request's TSIG
   * verifies. For answers that do not fit the client's UDP limit.
   *
   * @throws IllegalArgumentException the request is shorter than a header
   */
  public byte[] truncated(byte[] request) {
    return answer(request, Rcode.NOERROR, TC, new byte[0]);
  }

  private byte[] answer(byte[] request, int rcode, int flags, byte[] ednsOptions) {
    return switch (Peek.of(request)) {
      case Peek.Unreadable() ->
          throw new IllegalArgumentException(
              "a message of " + request.length + " octets has no ID to answer to");
      case Peek.Malformed malformed -> headerOnly(request, rcode);
      case Peek.Readable readable -> {
        boolean edns = readable.ednsUdpSize().isPresent();
        int sent = rcode > 0xF && !edns ? Rcode.SERVFAIL : rcode;
        byte[] bare = bare(request, sent, flags, edns, ednsOptions);
        yield readable.tsigKey().isPresent() ? authenticated(request, sent, bare) : bare;
      }
    };
  }

  private static byte[] headerOnly(byte[] request, int rcode) {
    byte[] header = new byte[Wire.HEADER];
    writeFlags(header, request, rcode > 0xF ? Rcode.SERVFAIL : rcode, 0);
    return header;
  }

  private static byte[] bare(
      byte[] request, int rcode, int flags, boolean edns, byte[] ednsOptions) {
    int questionEnd = new RecordCursor(request).end();
    ByteSink sink = new ByteSink(512);
    sink.bytes(request, 0, questionEnd);
    if (edns) {
      sink.bytes(new byte[1])
          .u16(Type.OPT)
          .u16(OUR_UDP_SIZE)
          .u32((long) rcode >>> 4 << 24 | dnssecOk(request))
          .u16(ednsOptions.length)
          .bytes(ednsOptions);
    }
    byte[] answer = sink.toBytes();
    Arrays.fill(answer, Wire.ANSWERS_AT, Wire.HEADER, (byte) 0);
    Wire.putU16(answer, Wire.ADDITIONAL_AT, edns ? 1 : 0);
    writeFlags(answer, request, rcode, flags);
    return answer;
  }

  private static void writeFlags(byte[] answer, byte[] request, int rcode, int flags) {
    answer[0] = request[0];
    answer[1] = request[1];
    answer[2] = (byte) (QR | (request[2] & OPCODE_AND_RD) | flags);
    answer[3] = (byte) ((request[3] & CD) | (rcode & 0xF));
  }

  /** The DO bit is copied (RFC 3225 section 3). */
  private static long dnssecOk(byte[] request) {
    RecordCursor cursor = new RecordCursor(request);
    while (cursor.next()) {
      if (cursor.type() == Type.OPT) {
        return cursor.ttl() & DO;
      }
    }
    return 0;
  }

  private byte[] authenticated(byte[] request, int rcode, byte[] bare) {
    return switch (Authentication.of(request, keys.get(), clock)) {
      case Authentication.Absent() -> bare;
      case Authentication.Genuine genuine -> genuine.answers().sign(bare);
      case Authentication.Wrong wrong -> rcode == Rcode.NOTAUTH ? complaint(bare, wrong) : bare;
    };
  }

  private byte[] complaint(byte[] bare, Authentication.Wrong wrong) {
    TsigRr theirs = wrong.tsig();
    long now = clock.instant().getEpochSecond();
    return switch (wrong.error()) {
      case BADTIME -> // signed, with the client's time so that it can verify (section 5.2.3)
          answersTo(wrong)
              .sign(
                  bare, theirs.timeSigned(), TsigError.BADTIME, new ByteSink(6).u48(now).toBytes());
      case BADTRUNC -> answersTo(wrong).sign(bare, now, TsigError.BADTRUNC, new byte[0]);
      case BADKEY, BADSIG, NONE -> // nothing to sign with (section 5.3.2)
          TsigRr.append(
              bare,
              new TsigRr(
                  bare.length,
                  theirs.key(),
                  theirs.algorithm(),
                  now,
                  TsigChain.FUDGE,
                  new byte[0],
                  Wire.id(bare),
                  wrong.error().code(),
                  new byte[0]));
    };
  }

  private TsigChain answersTo(Authentication.Wrong wrong) {
    return TsigChain.ofAnswers(wrong.key().orElseThrow(), clock, wrong.tsig().mac());
  }
}
