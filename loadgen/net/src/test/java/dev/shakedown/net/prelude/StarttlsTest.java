package dev.shakedown.net.prelude;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.prelude.Dialogue.Next;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers say before TLS, and what the client answers, byte by byte. */
class StarttlsTest {
    private static final String MYSQL_GREETING = "4a0000000a382e302e3335000b000000" + "4b5a5d0f3c1c2e1f00" + "ffff"
            + "ff"
            + "0200ffdf15" + "00000000000000000000" + "1b3b0f6d5e3a4c2d7f1a2b3c00"
            + "63616368696e675f736861325f70617373776f726400";

    /** What the server says and the client answers in turn; the client's last answer goes with the start of TLS. */
    static Stream<Arguments> dialogues() {
        return Stream.of(
                Arguments.of(Starttls.SMTP, "",
                        List.of("220-mail.example\r\n220 ready\r\n", "EHLO shakedown.invalid\r\n",
                                "250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n", "STARTTLS\r\n", "220 go ahead\r\n",
                                "")),
                Arguments.of(Starttls.IMAP, "", List.of("* OK [CAPABILITY STARTTLS] ready\r\n", "a1 STARTTLS\r\n",
                        "* BYE-less news\r\na1 OK begin\r\n", "")),
                Arguments.of(Starttls.POP3, "", List.of("+OK ready\r\n", "STLS\r\n", "+OK begin\r\n", "")),
                Arguments.of(Starttls.FTP, "", List.of("220-hello\r\n you\r\n220 ready\r\n", "AUTH TLS\r\n",
                        "234 begin\r\n", "")),
                Arguments.of(Starttls.XMPP,
                        "<?xml version='1.0'?><stream:stream to='host' version='1.0' xmlns='jabber:client'"
                                + " xmlns:stream='http://etherx.jabber.org/streams'>",
                        List.of("<?xml version='1.0'?><stream:stream id='1'><stream:features><starttls"
                                + " xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
                                "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
                                "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "")));
    }

    /** The cost of an endless answer does not grow quadratically with its length. */
    @ParameterizedTest
    @CsvSource({"SMTP, '220-\n', 65536", "FTP, '\n', 65536", "FTP, 'x', 1", "IMAP, 'x', 1", "LDAP, '0', 1",
        "MYSQL, 'x', 1",
        "SMTP, '220-\n', 1"})
    void anEndlessGreetingCostsLittle(Starttls protocol, String piece, int together) {
        var all = bytes(piece.repeat((1 << 16) / piece.length() + 1));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        var dialogue = protocol.begin("host");
        dialogue.opening();
        var before = threads.getCurrentThreadAllocatedBytes();
        Next next = new Next.Listen();
        for (var at = 0; at < all.length && next instanceof Next.Listen; at += together) {
            next = dialogue.hear(Arrays.copyOfRange(all, at, Math.min(all.length, at + together)));
        }
        var allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertInstanceOf(Next.Refused.class, next);
        assertTrue(allocated < 16 << 20, "allocated " + allocated);
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void textComesInAnyPieces(Starttls protocol, String opening, List<String> turns) {
        for (var pieces : new int[]{1, 2, 7, 10_000}) {
            var dialogue = protocol.begin("host");
            assertEquals(opening, text(dialogue.opening()));
            for (var turn = 0; turn < turns.size(); turn += 2) {
                var next = hear(dialogue, bytes(turns.get(turn)), pieces);
                var said = next instanceof Next.Say say ? say.bytes() : assertInstanceOf(Next.Begin.class, next).last();
                assertEquals(turns.get(turn + 1), text(said));
                assertEquals(turn + 2 == turns.size(), next instanceof Next.Begin);
            }
        }
    }

    static Stream<Arguments> binaries() {
        return Stream.of(
                Arguments.of(Starttls.POSTGRES, "0000000804d2162f", "53", ""),
                Arguments.of(Starttls.LDAP, "301d02010177188016312e332e362e312e342e312e313436362e3230303337",
                        "300c02010178070a010004000400", ""),
                // a long form of lengths, and the name of the response, as some servers write them
                Arguments.of(Starttls.LDAP, "301d02010177188016312e332e362e312e342e312e313436362e3230303337",
                        "308400000010020101788400000007" + "0a010004000400", ""),
                Arguments.of(Starttls.MYSQL, "", MYSQL_GREETING,
                        "20000001" + "008a0000" + "00000001" + "2d" + "00".repeat(23)));
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void bytesComeInAnyPieces(Starttls protocol, String opening, String answer, String last) {
        for (var pieces : new int[]{1, 3, 10_000}) {
            var dialogue = protocol.begin("host");
            assertEquals(opening, HexFormat.of().formatHex(dialogue.opening()));
            var begin = assertInstanceOf(Next.Begin.class, hear(dialogue, HexFormat.of().parseHex(answer), pieces));
            assertEquals(last, HexFormat.of().formatHex(begin.last()));
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Starttls.SMTP, List.of("220 a\r\n", "250 a\r\n", "454 TLS not available\r\n"),
                        "the server says '454 TLS not available', so TLS cannot begin"),
                Arguments.of(Starttls.SMTP, List.of("220 a\r\n", "250 a\r\n", "220 go\r\nNOOP\r\n"),
                        "sent 6 more bytes after agreeing"),
                Arguments.of(Starttls.SMTP, List.of("554 no\r\n"), "'554 no', which is not a greeting"),
                Arguments.of(Starttls.SMTP, List.of("220 a\r\n250 early\r\n"), "speaks out of turn: '250 early'"),
                Arguments.of(Starttls.IMAP, List.of("* OK a\r\n", "a1 BAD unknown\r\n"), "'a1 BAD unknown'"),
                Arguments.of(Starttls.IMAP, List.of("* BYE\r\n"), "'* BYE', which is not a greeting"),
                Arguments.of(Starttls.POP3, List.of("+OK\r\n", "-ERR no\r\n"), "'-ERR no'"),
                Arguments.of(Starttls.FTP, List.of("220 a\r\n", "534 no\r\n"), "'534 no'"),
                Arguments.of(Starttls.POP3, List.of("SSH-2.0-OpenSSH\r\n"),
                        "'SSH-2.0-OpenSSH', which is not a greeting"),
                Arguments.of(Starttls.SMTP, List.of("220-" + "x".repeat(70_000)), "has no end"),
                Arguments.of(Starttls.POSTGRES, List.of("N"), "without TLS"),
                Arguments.of(Starttls.POSTGRES, List.of("HTTP/1.1 400"), "does not speak PostgreSQL: 'HTTP/1.1 400'"),
                Arguments.of(Starttls.POSTGRES, List.of("SX"), "sent 1 more bytes"),
                Arguments.of(Starttls.LDAP, List.of("HTTP"), "does not speak LDAP"),
                Arguments.of(Starttls.LDAP, List.of("0\f\1\1\2x\7\n\1\64\4\0\4\0".replace("\f\1\1\2", "\f\2\1\1")),
                        "with result 52"),
                Arguments.of(Starttls.XMPP, List.of("SSH"), "does not speak XMPP"),
                Arguments.of(Starttls.XMPP, List.of("<stream:stream><stream:features/>"), "without TLS"),
                Arguments.of(Starttls.XMPP, List.of("<stream:stream><stream:error>"), "refuses TLS in XMPP"),
                Arguments.of(Starttls.MYSQL, List.of("\12\0\0\0" + "\12" + "8.0\0" + "12345"), "without TLS"),
                Arguments.of(Starttls.MYSQL, List.of("\5\0\0\0\77xxxx"), "does not speak MySQL"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsRefusedIsSaidInOneLine(Starttls protocol, List<String> heard, String meaning) {
        var dialogue = protocol.begin("host");
        Next next = null;
        for (var bytes : heard) {
            next = dialogue.hear(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
        var refused = assertInstanceOf(Next.Refused.class, next);
        assertTrue(refused.meaning().contains(meaning), refused::meaning);
        assertEquals(1, refused.meaning().lines().count());
        assertTrue(refused.meaning().length() < 200, refused::meaning);
    }

    /** ESC, CSI of the upper half, and a mark that changes the direction of writing. */
    @Test
    void whatATerminalWouldObeyIsNotQuoted() {
        assertEquals("'a ?[2J b ?2J c ?d'", Starttls.quoted(bytes("a \u001b[2J b \u009b2J c \u202ed")));
    }

    /** The examples are those of the protocol's text. */
    @Test
    void theProxyHeaderIsAsSpecified() {
        var client = new InetSocketAddress("192.168.0.1", 56324);
        var server = new InetSocketAddress("192.168.0.11", 443);
        assertEquals("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", text(ProxyHeader.V1.of(client, server)));
        assertArrayEquals(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "c0a80001" + "c0a8000b"
                + "dc0401bb"), ProxyHeader.V2.of(client, server));
        var six = new InetSocketAddress("::1", 1);
        assertEquals("PROXY TCP6 0:0:0:0:0:0:0:1 0:0:0:0:0:0:0:1 1 1\r\n", text(ProxyHeader.V1.of(six, six)));
        assertArrayEquals(
                HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "21210024" + ("00".repeat(15) + "01").repeat(2)
                        + "00010001"),
                ProxyHeader.V2.of(six, six));
        var both = new Prelude(ProxyHeader.V1, Starttls.POSTGRES, "host");
        assertEquals("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n\0\0\0\b\4",
                text(both.opening(both.dialogue(), client, server)).substring(0, 52));
        assertNull(new Prelude(ProxyHeader.V1, null, "host").dialogue());
    }

    private static Next hear(Dialogue dialogue, byte[] bytes, int pieces) {
        Next next = new Next.Listen();
        for (var at = 0; at < bytes.length; at += pieces) {
            assertInstanceOf(Next.Listen.class, next);
            next = dialogue.hear(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieces)));
        }
        return next;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
