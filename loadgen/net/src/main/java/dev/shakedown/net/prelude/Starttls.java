package dev.shakedown.net.prelude;

import dev.shakedown.net.prelude.Dialogue.Next;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Protocols in which a client requests TLS on a connection that starts without it. */
public enum Starttls {
    /** RFC 3207. */
    SMTP {
        @Override
        public Dialogue begin(String host) {
            return new LineDialogue(List.of(step("220", "EHLO shakedown.invalid\r\n"), step("250", "STARTTLS\r\n"),
                    step("220", null)));
        }

        // The last line of a reply has a space after its number.
        private LineDialogue.Step step(String code, @Nullable String answer) {
            return new LineDialogue.Step(Pattern.compile(code + "( .*)?"), Pattern.compile(code + "-.*"), answer);
        }
    },
    /** RFC 9051, 6.2.1. */
    IMAP {
        @Override
        public Dialogue begin(String host) {
            return new LineDialogue(
                    List.of(new LineDialogue.Step(Pattern.compile("\\* OK.*"), NEVER, "a1 STARTTLS\r\n"),
                            new LineDialogue.Step(Pattern.compile("a1 OK.*"), Pattern.compile("\\* .*"), null)));
        }
    },
    /** RFC 2595, 4. */
    POP3 {
        @Override
        public Dialogue begin(String host) {
            return new LineDialogue(
                    List.of(new LineDialogue.Step(Pattern.compile("\\+OK.*"), NEVER, "STLS\r\n"),
                            new LineDialogue.Step(Pattern.compile("\\+OK.*"), NEVER, null)));
        }
    },
    /** RFC 4217, 4. */
    FTP {
        @Override
        public Dialogue begin(String host) {
            return new LineDialogue(List.of(
                    new LineDialogue.Step(Pattern.compile("220( .*)?"), Pattern.compile("220-.*|(?!\\d{3} ).*"),
                            "AUTH TLS\r\n"),
                    new LineDialogue.Step(Pattern.compile("234( .*)?"), Pattern.compile("234-.*"), null)));
        }
    },
    /** RFC 4511, 4.14: an extended request; its response has the result code 0. */
    LDAP {
        @Override
        public Dialogue begin(String host) {
            return new BinaryDialogue(LDAP_REQUEST, Starttls::ldap);
        }
    },
    /** RFC 6120, 5. */
    XMPP {
        @Override
        public Dialogue begin(String host) {
            return new XmppDialogue(host);
        }
    },
    /** PostgreSQL's frontend/backend protocol: SSLRequest, answered by one byte. */
    POSTGRES {
        @Override
        public Dialogue begin(String host) {
            return new BinaryDialogue(new byte[]{0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f}, heard -> switch (heard[0]) {
                case 'S' -> begin(heard, 1, NOTHING);
                case 'N' -> new Next.Refused("the server speaks PostgreSQL without TLS (it answered N)");
                default -> new Next.Refused("the server does not speak PostgreSQL: " + quoted(heard));
            });
        }
    },
    /** MySQL's client/server protocol: the server sends a greeting, the client requests TLS and begins. */
    MYSQL {
        @Override
        public Dialogue begin(String host) {
            return new BinaryDialogue(NOTHING, Starttls::mysql);
        }
    };

    private static final Pattern NEVER = Pattern.compile("(?!)");
    private static final byte[] NOTHING = {};
    /** An ExtendedRequest of 1.3.6.1.4.1.1466.20037 with message ID 1, in BER. */
    private static final byte[] LDAP_REQUEST = ldapRequest();
    private static final int MYSQL_PROTOCOL = 10;
    private static final int CLIENT_SSL = 0x0800;
    /** CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION and CLIENT_SSL. */
    private static final int MYSQL_CAPABILITIES = 0x0200 | 0x8000 | CLIENT_SSL;
    private static final int MAX_PACKET = 1 << 24;
    private static final byte UTF8MB4 = 45;
    private static final int MAX_QUOTED = 60;

    /** @param host the server's name as the client knows it */
    public abstract Dialogue begin(String host);

    /** Returns the name in options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what a server said as one readable line. */
    static String quoted(byte[] said) {
        // Unicode's category C contains the control characters and the direction marks.
        var text = new String(said, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
        return "'" + (text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text) + "'";
    }

    /**
     * Begins TLS after the first {@code length} bytes, in which the server agreed to it. More must not have arrived
     * (see RFC 3207, 6): further bytes are unprotected, but would be taken for protected ones.
     */
    static Next begin(byte[] heard, int length, byte[] last) {
        return heard.length == length
                ? new Next.Begin(last)
                : new Next.Refused("the server, or someone on the way, sent " + (heard.length - length)
                        + " more bytes after agreeing to TLS");
    }

    private static byte[] ldapRequest() {
        var oid = "1.3.6.1.4.1.1466.20037".getBytes(StandardCharsets.US_ASCII);
        var request = new ByteArrayOutputStream();
        request.writeBytes(
                new byte[]{0x30, (byte) (oid.length + 7), 2, 1, 1, 0x77, (byte) (oid.length + 2), (byte) 0x80,
                    (byte) oid.length});
        request.writeBytes(oid);
        return request.toByteArray();
    }

    /** Reads SEQUENCE { messageID 1, [APPLICATION 24] { resultCode ENUMERATED, ... } } */
    private static Next ldap(byte[] heard) {
        if (heard[0] != 0x30) {
            return new Next.Refused("the server does not speak LDAP: " + quoted(heard));
        }
        var in = ByteBuffer.wrap(heard);
        try {
            in.get();
            var length = berLength(in);
            if (in.remaining() < length) {
                return length > MAX_PACKET
                        ? new Next.Refused("the server's LDAP message is too long")
                        : new Next.Listen();
            }
            var whole = in.position() + length;
            in.position(in.position() + 3);
            if (in.get() != 0x78) {
                return new Next.Refused("the server's LDAP answer is not an ExtendedResponse");
            }
            berLength(in);
            if (in.get() != 10 || in.get() != 1) {
                return new Next.Refused("the server's LDAP answer has no result");
            }
            var result = in.get() & 0xff;
            return result == 0
                    ? begin(heard, whole, NOTHING)
                    : new Next.Refused("the server refuses StartTLS in LDAP with result " + result);
        } catch (RuntimeException _) {
            // not complete yet
            return new Next.Listen();
        }
    }

    private static int berLength(ByteBuffer in) {
        var first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        var length = 0L;
        for (var i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | in.get() & 0xff;
        }
        return (int) Math.min(Integer.MAX_VALUE, length);
    }

    /** Reads a packet: a 3-byte length and a number; then protocol, version, thread, salt, capabilities. */
    private static Next mysql(byte[] heard) {
        if (heard.length < 4) {
            return new Next.Listen();
        }
        var in = ByteBuffer.wrap(heard).order(ByteOrder.LITTLE_ENDIAN);
        var length = in.getInt() & 0xffffff;
        if (heard.length < 4 + length) {
            return new Next.Listen();
        }
        var protocol = length == 0 ? 0 : in.get() & 0xff;
        if (protocol != MYSQL_PROTOCOL) {
            return new Next.Refused(protocol == 0xff
                    ? "the server refuses with "
                            + quoted(Arrays.copyOfRange(heard, Math.min(7, heard.length), heard.length))
                    : "the server does not speak MySQL: " + quoted(heard));
        }
        while (in.hasRemaining() && in.get() != 0) {
            // the server's version
        }
        var capabilities = in.remaining() < 15 ? 0 : in.getShort(in.position() + 13) & 0xffff;
        if ((capabilities & CLIENT_SSL) == 0) {
            return new Next.Refused("the server speaks MySQL without TLS");
        }
        var request = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(32 | 1 << 24).putInt(MYSQL_CAPABILITIES).putInt(MAX_PACKET).put(UTF8MB4);
        return begin(heard, 4 + length, request.array());
    }

    /** A dialogue with one binary answer, which is parsed again from its beginning as more of it arrives. */
    private static final class BinaryDialogue implements Dialogue {
        /**
         * The maximum length of an answer, in bytes: far more than any has, and short enough to be parsed again for
         * each byte.
         */
        private static final int MAX_LENGTH = 1 << 12;

        private final byte[] opening;
        private final Function<byte[], Next> answer;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        BinaryDialogue(byte[] opening, Function<byte[], Next> answer) {
            this.opening = opening;
            this.answer = answer;
        }

        @Override
        public byte[] opening() {
            return opening;
        }

        @Override
        public Next hear(byte[] bytes) {
            heard.writeBytes(bytes);
            var next = answer.apply(heard.toByteArray());
            return next instanceof Next.Listen && heard.size() > MAX_LENGTH
                    ? new Next.Refused("the server's answer has no end")
                    : next;
        }
    }

    /** A dialogue of XML streams in both directions. */
    private static final class XmppDialogue implements Dialogue {
        private static final int MAX_LENGTH = 1 << 16;

        private final String host;
        private final StringBuilder heard = new StringBuilder();
        private boolean asked;

        XmppDialogue(String host) {
            this.host = host;
        }

        @Override
        public byte[] opening() {
            return ("<?xml version='1.0'?><stream:stream to='" + host.replaceAll("[<>&'\"]", "") + "' version='1.0'"
                    + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Next hear(byte[] bytes) {
            var more = new String(bytes, StandardCharsets.UTF_8);
            heard.append(more);
            if (more.indexOf('>') < 0 && heard.length() <= MAX_LENGTH && (heard.isEmpty() || heard.charAt(0) == '<')) {
                // no element has ended
                return new Next.Listen();
            }
            var text = heard.toString();
            if (!text.isEmpty() && text.charAt(0) != '<' || heard.length() > MAX_LENGTH) {
                return new Next.Refused(
                        "the server does not speak XMPP: " + quoted(text.getBytes(StandardCharsets.UTF_8)));
            }
            if (text.contains("<stream:error") || text.contains("<failure")) {
                return new Next.Refused("the server refuses TLS in XMPP: "
                        + quoted(text.substring(Math.max(text.indexOf("<stream:error"), text.indexOf("<failure")))
                                .getBytes(StandardCharsets.UTF_8)));
            }
            if (!asked) {
                if (!text.contains("</stream:features>") && !text.contains("<stream:features/>")) {
                    return new Next.Listen();
                }
                if (!text.contains("urn:ietf:params:xml:ns:xmpp-tls")) {
                    return new Next.Refused("the server speaks XMPP without TLS");
                }
                asked = true;
                heard.setLength(0);
                return new Next.Say(
                        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".getBytes(StandardCharsets.UTF_8));
            }
            var proceed = Pattern.compile("<proceed[^>]*/>|<proceed[^>]*></proceed>").matcher(text);
            return proceed.find()
                    ? begin(text.getBytes(StandardCharsets.UTF_8), proceed.end(), NOTHING)
                    : new Next.Listen();
        }
    }
}
