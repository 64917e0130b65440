package dev.shakedown.net.prelude;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.fuzz.Bounds;
import dev.shakedown.fuzz.Seeds;
import dev.shakedown.net.prelude.Dialogue.Next;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server sends before TLS begins, the client listens, answers, begins, or refuses with a sentence. */
class StarttlsFuzzTest {
    private static final int AGAIN_AND_AGAIN = 0x80;

    static Stream<byte[]> dialogues() {
        return Stream.of(seed(Starttls.SMTP, "220 a b\r\n", "250-a\r\n250 b\r\n", "220 go\r\n"),
                seed(Starttls.IMAP, "* OK a\r\n", "* x\r\na1 OK b\r\n"), seed(Starttls.POP3, "+OK\r\n", "+OK b\r\n"),
                seed(Starttls.FTP, "220-a\r\n x\r\n220 b\r\n", "234 c\r\n"),
                seed(Starttls.XMPP, "<?xml version='1.0'?><stream:stream><stream:features>"
                        + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>", "<proceed/>"),
                seed(Starttls.POSTGRES, "S"), seed(Starttls.POSTGRES, "N"),
                raw(Starttls.LDAP, "300c02010178070a010004000400"),
                raw(Starttls.MYSQL, "2a0000000a382e302e30000100000001020304050607080000082d0200000000"
                        + "00000000000000000000000000000000"));
    }

    /** @param said what the server says in turn */
    private static byte[] seed(Starttls protocol, String... said) {
        return Seeds.joined(new byte[]{(byte) protocol.ordinal(), 0},
                String.join("\0", said).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] raw(Starttls protocol, String hex) {
        return Seeds.joined(new byte[]{(byte) protocol.ordinal(), 1}, HexFormat.of().parseHex(hex));
    }

    /**
     * The protocol, with the highest bit to repeat the rest; where to split it, 0 for at each zero byte, otherwise
     * after that many bytes; what the server says.
     */
    @MethodSource("dialogues")
    @FuzzTest
    void dialogue(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var protocol = Starttls.values()[(Bounds.at(bytes, 0) & ~AGAIN_AND_AGAIN) % Starttls.values().length];
            var said = Bounds.from(bytes, 2);
            if ((Bounds.at(bytes, 0) & AGAIN_AND_AGAIN) != 0) {
                said = Bounds.repeated(said);
            }
            // Long input comes in pieces of at least a network's usual size, since the kernel joins what arrives
            // together.
            var most = said.length > 4096 ? Math.max(1400, Bounds.at(bytes, 1)) : Bounds.at(bytes, 1);
            var dialogue = protocol.begin("example.org");
            dialogue.opening();
            for (var at = 0; at < said.length;) {
                var end = Math.min(said.length, most == 0 ? zero(said, at) : at + most);
                // Empty input never occurs: no channel reads it.
                if (end > at && isOver(dialogue.hear(Arrays.copyOfRange(said, at, end)))) {
                    return;
                }
                at = most == 0 ? end + 1 : end;
            }
        });
    }

    private static int zero(byte[] said, int from) {
        var at = from;
        while (at < said.length && said[at] != 0) {
            at++;
        }
        return at;
    }

    private static boolean isOver(Next next) {
        return switch (next) {
            case Next.Listen _,Next.Say _ -> false;
            case Next.Begin _ -> true;
            case Next.Refused refused -> {
                assertFalse(refused.meaning().isBlank());
                assertTrue(refused.meaning().matches("\\P{C}*"), refused.meaning());
                yield true;
            }
        };
    }
}
