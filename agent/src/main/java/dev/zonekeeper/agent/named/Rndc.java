package dev.zonekeeper.agent.named;

import dev.zonekeeper.dns.TsigKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Name;

/**
 * Commands to named over its control channel: what the {@code rndc} program does, without starting
 * a process (1 ms instead of 20 ms, and no key in an argument list). Each command has its own
 * connection and its own time limit; any number may run at once, named takes them one by one.
 *
 * <p>Every method throws {@link RndcException}: with {@link RndcException#refused()} true and
 * named's words if named said no, false if there was no answer in time.
 */
public final class Rndc {
  private final InetSocketAddress address;
  private final TsigKey key;
  private final Clock clock;
  private final Duration within;
  private final AtomicLong serial;

  /**
   * @param key the control channel's own key; HMAC-SHA256
   * @param clock tells named that the command is of now: it takes none that is over a minute old
   * @param within the limit for one command, connection included
   */
  public Rndc(InetSocketAddress address, TsigKey key, Clock clock, Duration within) {
    this(address, key, clock, within, new AtomicLong(clock.millis()));
  }

  private Rndc(
      InetSocketAddress address, TsigKey key, Clock clock, Duration within, AtomicLong serial) {
    this.address = address;
    this.key = key;
    this.clock = clock;
    this.within = within;
    this.serial = serial;
  }

  /** The same with another limit. named takes no serial twice, so the two share the counter. */
  Rndc within(Duration limit) {
    return new Rndc(address, key, clock, limit, serial);
  }

  /** Reads {@code named.conf} again: new, gone and changed zones, not the zone files. */
  public void reconfig() throws RndcException {
    run("reconfig");
  }

  /**
   * Has the zone written to its file. named answers when the dump has been <em>asked for</em>, not
   * when it is done: see {@link ZoneFiles#durablySaved}.
   */
  public void sync(Name zone) throws RndcException {
    run("sync " + argument(zone));
  }

  /** {@link #sync} for all zones. */
  public void syncAll() throws RndcException {
    run("sync");
  }

  /** Has all zones written to their files and their journals removed. */
  public void syncAllAndDropJournals() throws RndcException {
    run("sync -clean");
  }

  /** Has a secondary zone transferred anew, whole, whatever its serial. */
  public void retransfer(Name zone) throws RndcException {
    run("retransfer " + argument(zone));
  }

  /** Has a secondary zone's serial compared with its primary's now. */
  public void refresh(Name zone) throws RndcException {
    run("refresh " + argument(zone));
  }

  /** Has NOTIFY messages sent for the zone. */
  public void notifyFollowers(Name zone) throws RndcException {
    run("notify " + argument(zone));
  }

  /** Has each query logged from now on, or not; without it that is as it was when named started. */
  public void logQueries(boolean wanted) throws RndcException {
    run("querylog " + (wanted ? "on" : "off"));
  }

  /** named's report of itself, several lines. */
  public String status() throws RndcException {
    return run("status");
  }

  /** named's report of one zone, several lines {@code key: value}. */
  public String zoneStatus(Name zone) throws RndcException {
    return run("zonestatus " + argument(zone));
  }

  /** Has named write what it has not yet written and end. */
  public void stop() throws RndcException {
    run("stop");
  }

  /**
   * Any command, as the {@code rndc} program would take it.
   *
   * @return what named says
   */
  public String run(String command) throws RndcException {
    ControlMessage answer;
    try (Socket socket = new Socket()) {
      int millis = Math.toIntExact(within.toMillis());
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      socket.connect(address, millis);
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      String nonce = exchange("null", "", in, out).nonce();
      answer = exchange(command, nonce, in, out);
    } catch (IOException e) {
      String why = e instanceof EOFException ? "named closed the connection" : e.getMessage();
      throw new RndcException(
          "rndc %s: no answer from named's control channel %s:%d within %d ms: %s"
              .formatted(
                  command, address.getHostString(), address.getPort(), within.toMillis(), why),
          e);
    }
    String result = answer.text("result");
    if (!result.equals("0") || !answer.text("err").isEmpty()) {
      String words = (answer.text("err") + " " + answer.text("text")).strip();
      throw new RndcException("rndc %s: named says: %s".formatted(command, words));
    }
    return answer.text("text");
  }

  private ControlMessage exchange(
      String command, String nonce, DataInputStream in, DataOutputStream out) throws IOException {
    ControlMessage.command(command, serial.incrementAndGet(), clock.instant(), nonce)
        .send(out, key);
    return ControlMessage.receive(in, key);
  }

  /** Class and view need not be said: there is one of each. */
  private static String argument(Name zone) {
    return zone.equals(Name.root) ? "." : zone.toString(true);
  }
}
