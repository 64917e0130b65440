package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.client.ScriptedServer13.Keys;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A scripted server on real sockets that keeps sessions, and misbehaves where it is told to. Thread-safe. */
public final class ScriptedService {
    /** What a server does instead of continuing. */
    public interface End {
        /** @param left how far the connection has got */
        void of(Socket socket, Left left) throws IOException;
    }

    /**
     * How far a server has got with a connection.
     *
     * @param random  the random of the client's hello, in hex
     * @param records the number of the server's records that were sent completely
     */
    public record Left(String random, int records) {}

    /** The delay before each byte of a server that drips. */
    public interface Pace {
        /** One byte per second. */
        Pace SECOND = _ -> Thread.sleep(1000);

        /** Returns when the next byte is due. */
        void await(Left left) throws InterruptedException;
    }

    /** A way to be slow at one of the server's steps. */
    public enum Slowness {
        /** Sends endless warnings, under the current keys. */
        FLOOD,
        /** Sends one byte at a time, at the service's pace. */
        DRIP
    }

    /**
     * The course of one connection.
     *
     * @param most     the number of bytes to send before {@code end}
     * @param atOnce   the maximum number of bytes per write
     * @param inRecord the maximum number of bytes of a message per record
     * @param slowness how to be slow from step number {@code step} on; {@code null} for never
     */
    public record Course(long most, int atOnce, int inRecord, Slowness slowness, int step, End end) {
        private static final End DRAIN = (socket, _) -> drain(socket);
        public static final Course BY_THE_BOOK = inPieces(Integer.MAX_VALUE, Integer.MAX_VALUE);

        public static Course inPieces(int atOnce, int inRecord) {
            return new Course(Long.MAX_VALUE, atOnce, inRecord, null, 0, DRAIN);
        }

        public static Course upTo(long most, End end) {
            return new Course(most, Integer.MAX_VALUE, Integer.MAX_VALUE, null, 0, end);
        }

        public static Course slow(Slowness slowness, int step) {
            return new Course(Long.MAX_VALUE, slowness == Slowness.DRIP ? 1 : Integer.MAX_VALUE, Integer.MAX_VALUE,
                    slowness, step, DRAIN);
        }
    }

    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;

        Cut() {
            super(null, null, false, false);
        }
    }

    private static final int FLOOD_AT_ONCE = 200;
    /** The length of a record's header, in bytes; its last two bytes are the fragment's length. */
    private static final int HEADER = 5;

    private final ScriptedTls tls;
    private final ClientSettings settings;
    private final Map<String, MasterSecret> sessions = new ConcurrentHashMap<>();
    private final Map<String, PreSharedKey> tickets = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    /** How many bytes of early data its tickets allow. */
    private final int earlyDataBytes;
    /** The lifetime of its TLS 1.3 tickets, in seconds. */
    private final long ticketLifetime;
    private final Pace pace;

    public ScriptedService(ScriptedTls tls) {
        this(tls, 0);
    }

    public ScriptedService(ScriptedTls tls, int earlyDataBytes) {
        this(tls, earlyDataBytes, 7200);
    }

    public ScriptedService(ScriptedTls tls, Pace pace) {
        this(tls, 0, 7200, pace);
    }

    public ScriptedService(ScriptedTls tls, int earlyDataBytes, long ticketLifetime) {
        this(tls, earlyDataBytes, ticketLifetime, Pace.SECOND);
    }

    private ScriptedService(ScriptedTls tls, int earlyDataBytes, long ticketLifetime, Pace pace) {
        this.pace = pace;
        this.ticketLifetime = ticketLifetime;
        this.tls = tls;
        this.settings = tls.settings();
        this.earlyDataBytes = earlyDataBytes;
    }

    /** One connection in progress. */
    private final class Talk implements Consumer<ByteBuf> {
        private final Socket socket;
        private final Course course;
        private final String random;
        private int records;
        private int headerLeft = HEADER;
        private int bodyLeft;
        private long left;
        private int step;
        private boolean drips;

        Talk(Socket socket, String random, Course course) {
            this.socket = socket;
            this.random = random;
            this.course = course;
            this.left = course.most;
        }

        @Override
        public void accept(ByteBuf bytes) {
            var part = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), (int) Math.min(left, bytes.readableBytes()));
            try {
                if (drips) {
                    pace.await(left());
                }
                socket.getOutputStream().write(part);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            left -= part.length;
            count(part);
            if (part.length < bytes.readableBytes()) {
                throw new Cut();
            }
        }

        private void count(byte[] bytes) {
            for (var each : bytes) {
                if (headerLeft > 0) {
                    // At the end it contains the two bytes of the length.
                    bodyLeft = bodyLeft << 8 & 0xffff | each & 0xff;
                    headerLeft--;
                } else {
                    bodyLeft--;
                }
                if (headerLeft == 0 && bodyLeft == 0) {
                    records++;
                    headerLeft = HEADER;
                }
            }
        }

        Left left() {
            return new Left(random, records);
        }

        void act(ScriptedPeer<?> server, Runnable byTheBook) {
            if (course.slowness != null && step == course.step) {
                drips = course.slowness == Slowness.DRIP;
                while (course.slowness == Slowness.FLOOD) {
                    server.hold();
                    for (var i = 0; i < FLOOD_AT_ONCE; i++) {
                        server.alert(Alert.WARNING, AlertDescription.USER_CANCELED);
                    }
                    server.raw(server.held());
                }
            }
            step++;
            byTheBook.run();
        }

        void hear(ScriptedPeer<?> server, BooleanSupplier enough) throws IOException {
            var bytes = new byte[16_384];
            while (!enough.getAsBoolean()) {
                var length = socket.getInputStream().read(bytes);
                if (length < 0) {
                    throw new IOException("the client has gone");
                }
                server.take(Unpooled.wrappedBuffer(bytes, 0, length));
            }
        }
    }

    /**
     * Serves one connection.
     *
     * @param courses supplies the course of a connection whose handshake is under test; one that only establishes a
     *                session to resume is honest
     */
    public void serve(Socket socket, Supplier<Course> courses) throws IOException {
        socket.setTcpNoDelay(true);
        var record = record(socket);
        var hello = hello(record);
        var offered = offered(hello);
        var known = offered != null && (sessions.containsKey(offered) || tickets.containsKey(offered));
        var talk = new Talk(socket, hex(hello.random()), known == tls.resumes() ? courses.get() : Course.BY_THE_BOOK);
        try {
            if (tls.tls13 == null) {
                serveOld(talk, record, known ? sessions.get(offered) : null);
            } else {
                serve13(talk, record, known ? offered : null);
            }
        } catch (Cut _) {
            // intended
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        talk.course.end.of(socket, talk.left());
    }

    private static byte[] record(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        var header = new byte[5];
        in.readFully(header);
        var record = Arrays.copyOf(header, 5 + ((header[3] & 0xff) << 8 | header[4] & 0xff));
        in.readFully(record, 5, record.length - 5);
        return record;
    }

    private static ClientHello hello(byte[] record) throws IOException {
        try {
            return (ClientHello) HandshakeMessage.decode(1,
                    Unpooled.wrappedBuffer(record, 9, record.length - 9), null, ProtocolVersion.TLS_1_2);
        } catch (Fault e) {
            throw new IOException(e);
        }
    }

    /** Returns the ticket or ID that the client offers, in hex; {@code null} for none. */
    private String offered(ClientHello hello) {
        var ticket = OfferCheck.extension(hello,
                tls.tls13 == null ? Extension.SESSION_TICKET : Extension.PRE_SHARED_KEY);
        if (tls.tls13 != null) {
            return ticket == null ? null : hex(Arrays.copyOfRange(ticket.data(), 4, 4 + ticket.data()[3]));
        }
        return ticket != null && ticket.data().length > 0 ? hex(ticket.data()) : hex(hello.sessionId());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns different bytes each time. */
    private byte[] unique(int length) {
        var number = ByteBuffer.allocate(Integer.BYTES).putInt(issued.incrementAndGet()).array();
        var unique = new byte[length];
        System.arraycopy(number, 1, unique, 0, 3);
        return unique;
    }

    /** @param old the secret of the session to resume; {@code null} for a full handshake */
    private void serveOld(Talk talk, byte[] hello, MasterSecret old) throws IOException {
        var server = new ScriptedServer(tls.old, talk);
        server.resumes = old != null;
        server.oldMaster = old;
        // As long as in the exchanges from which message lengths are taken.
        server.sessionId = unique(tls.resumes() ? Tls12Exchange.OLD_ID.length : 3);
        server.ticket = unique(3);
        cut(server, talk.course);
        server.take(Unpooled.wrappedBuffer(hello));
        for (var step : tls.old.steps(old != null)) {
            if (old == null && step.compareTo(Step.SERVER_HELLO_DONE) > 0) {
                talk.hear(server, server::clientFinished);
                sessions.put(hex(tls.old.tickets() ? server.ticket : server.sessionId), server.master());
            }
            if (step != Step.AFTERWARDS) {
                talk.act(server, () -> tls.step(server, step));
            }
        }
    }

    /** @param ticket the ticket of the session to resume; {@code null} for a full handshake */
    private void serve13(Talk talk, byte[] hello, String ticket) throws IOException {
        var kind = ticket == null && tls.resumes() ? Tls13Exchange.Kind.FULL : tls.tls13;
        var session = ticket == null
                ? null
                : new Session.Tls13(HexFormat.of().parseHex(ticket), Optional.of("h2"), kind.suite, tickets.get(ticket),
                        0,
                        OfferCheck.UNKNOWN, 0, 0);
        var server = new ScriptedServer13(kind, settings, session,
                ticket == null ? Map.of() : Map.of(ticket, tickets.get(ticket)), talk);
        server.identity = TestIdentity.RSA;
        server.ticketPrefix = unique(3);
        cut(server, talk.course);
        server.take(Unpooled.wrappedBuffer(hello));
        for (var step : kind.steps()) {
            switch (step) {
                case SERVER_HELLO -> {
                    talk.hear(server, () -> server.received().size() == (kind.retries() ? 2 : 1));
                    talk.act(server, () -> server.honest(step));
                }
                case NEW_SESSION_TICKET -> {
                    talk.hear(server, () -> server.keys() == Keys.APPLICATION);
                    var due = server.ticket(ticketLifetime, earlyDataBytes == 0
                            ? List.of()
                            : List.of(new Extension(Extension.EARLY_DATA,
                                    ByteBuffer.allocate(Integer.BYTES).putInt(earlyDataBytes).array())));
                    tickets.putAll(server.tickets());
                    server.send(due);
                }
                case AFTERWARDS -> {
                    // nothing is due
                }
                default -> talk.act(server, () -> server.honest(step));
            }
        }
    }

    private static void cut(ScriptedPeer<?> server, Course course) {
        server.mostAtOnce = course.atOnce;
        server.mostInRecord = course.inRecord;
    }

    /** Reads until the client has closed the connection. */
    public static void drain(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // a reset ends it as well
        }
    }
}
