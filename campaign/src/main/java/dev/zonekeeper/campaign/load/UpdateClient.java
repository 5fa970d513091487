package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.history.Action;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Prerequisite;
import dev.zonekeeper.campaign.history.Register;
import dev.zonekeeper.campaign.load.Wire.NotTakenException;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * Sends updates, each once: who sends again does not know what it did.
 *
 * @param key signs the updates, and must have signed the answers that are believed
 * @param patience how long to wait for an answer
 */
record UpdateClient(TsigKey key, Wire wire, Duration patience) {
  private static final long TTL = 60;

  /**
   * What came of it.
   *
   * @param detail what was heard, for people
   */
  record Result(Outcome outcome, String detail) {}

  Result send(Server server, Register register, Action.Write write) {
    Optional<InetSocketAddress> address = server.address().get();
    if (address.isEmpty()) {
      return new Result(Outcome.REJECTED, "it is nowhere now");
    }
    Update update = new Update(register.zone());
    update.getHeader().setID(ThreadLocalRandom.current().nextInt(0x10000));
    demand(update, register.name(), write.prerequisite());
    change(update, register.name(), write.change());
    TSIG tsig = key.tsig();
    tsig.apply(update, null);
    byte[] message = update.toWire(0xffff);
    try {
      byte[] bytes = wire.exchange(address.get(), message, patience);
      return judged(new Message(bytes), bytes, tsig, update);
    } catch (NotTakenException nobody) {
      return new Result(Outcome.REJECTED, nobody.getMessage());
    } catch (IOException nothing) {
      return new Result(
          Outcome.UNKNOWN,
          nothing.getMessage() == null ? "connection closed" : nothing.getMessage());
    }
  }

  private static Result judged(Message answer, byte[] bytes, TSIG tsig, Update update) {
    int rcode = answer.getRcode();
    String detail = Rcode.string(rcode);
    return switch (rcode) {
      case Rcode.NOERROR, Rcode.YXRRSET, Rcode.NXRRSET -> {
        if (tsig.verify(answer, bytes, update.getTSIG()) != Rcode.NOERROR) {
          yield new Result(Outcome.UNKNOWN, detail + " without the right signature");
        }
        yield rcode == Rcode.NOERROR
            ? new Result(Outcome.ACKNOWLEDGED, "")
            : new Result(Outcome.UNMET, detail);
      }
      case Rcode.REFUSED, Rcode.NOTAUTH, Rcode.NOTIMP, Rcode.NOTZONE, Rcode.FORMERR ->
          new Result(Outcome.REJECTED, detail);
      default -> new Result(Outcome.UNKNOWN, detail);
    };
  }

  private static void demand(Update update, Name name, Prerequisite prerequisite) {
    switch (prerequisite) {
      case Prerequisite.Always _ -> {}
      case Prerequisite.Absent _ -> update.absent(name, Type.TXT);
      case Prerequisite.Present _ -> update.present(name, Type.TXT);
      case Prerequisite.Exactly exactly ->
          exactly.values().forEach(value -> update.present(text(name, 0, value)));
    }
  }

  private static void change(Update update, Name name, Change change) {
    switch (change) {
      case Change.Add add -> update.add(text(name, TTL, add.value()));
      case Change.Delete delete -> update.delete(text(name, TTL, delete.value()));
      case Change.Clear _ -> update.delete(name, Type.TXT);
      case Change.Replace replace -> {
        update.delete(name, Type.TXT);
        update.add(text(name, TTL, replace.value()));
      }
    }
  }

  private static Record text(Name name, long ttl, String value) {
    return new TXTRecord(name, DClass.IN, ttl, value);
  }
}
