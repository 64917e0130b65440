package dev.shakedown.cli;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.fuzz.Scratch;
import dev.shakedown.run.PlanFile;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any file where a plan, trusted certificates or names are wanted: it is read, or refused with a sentence for the user.
 */
class FilesFuzzTest {
    private static final Scratch PLAN = new Scratch("plan.yaml");
    private static final Scratch NAMES = new Scratch("names.txt");

    static Stream<byte[]> plans() {
        return Stream.of("arrivals: poisson\noptions:\n  mix: full=1\nphases:\n- {duration: 2s, rate: 5}\n",
                "phases:\n- name: b\n  duration: 3s\n  burst: {count: 9, every: 1s}\n- duration: 5m\n  ramp:\n   "
                        + " from: 1\n"
                        + "    to: 2e3\n",
                "{\"arrivals\": \"constant\", \"phases\": [{\"duration\": \"500ms\", \"rate\": 5.5}]}",
                "a: &x [1, *x]\nb: !!set {? y}\n--- |\n  text\n").map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("plans")
    @FuzzTest
    void plan(byte[] input) throws Exception {
        PLAN.read(input, IllegalArgumentException.class, "", file -> {
            var plan = PlanFile.read("--plan", file);
            plan.arguments(Set.of("mix"));
            plan.schedule("--plan", null);
        });
    }

    static Stream<byte[]> names() {
        return Stream.of("www.example.org\n\n# a comment\r\nxn--bcher-kva.example\n", "a b", "\u00fc.example\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("names")
    @FuzzTest
    void names(byte[] input) throws Exception {
        NAMES.read(input, IllegalArgumentException.class, "--sni", file -> ServerNames.of(file.toString()));
    }

    static Stream<byte[]> certificates() throws Exception {
        return Stream.of(new CertificateBuilder().algorithm(Algorithm.ecp256).subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificatePEM().getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("certificates")
    @FuzzTest
    void trusted(byte[] input) throws Exception {
        PLAN.read(input, IllegalArgumentException.class, "", file -> Trust.of(file, List.of()));
    }
}
