package dev.shakedown.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.gate.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.Signature;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;

/** The committed baseline of the signals. */
class BaselineTest {
    /** A change to the code that measures needs a new baseline, or the gate would have nothing to compare with. */
    @Test
    void theCommittedBaselineIsOfThisCode() throws IOException, GeneralSecurityException {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        var code = SignalsMain.codeFingerprint();
        var found = 0;
        try (var files = Files.walk(root.resolve("results").resolve("baselines"))) {
            for (var file : files.filter(each -> each.endsWith(Signals.FILE)).toList()) {
                var baseline = Signals.read(file);
                assertEquals(file.getParent().getFileName().toString(), baseline.fingerprint(), file::toString);
                found += baseline.facts().get("code").equals(code) ? 1 : 0;
            }
        }
        assertTrue(found > 0,
                "no baseline is of this code; run 'scripts/shakedown gate signals --update' and commit it");
    }

    @Test
    void publicKeyOperationsAreCounted() throws GeneralSecurityException {
        CountingProvider.install();
        try {
            var before = CountingProvider.OPERATIONS.get();
            var pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(pair.getPrivate());
            agreement.doPhase(pair.getPublic(), true);
            assertEquals(32, agreement.generateSecret().length);
            assertEquals(2, CountingProvider.OPERATIONS.get() - before);
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            var signer = generator.generateKeyPair();
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(new byte[]{1, 2, 3});
            var signed = signature.sign();
            signature.initVerify(signer.getPublic());
            signature.update(new byte[]{1, 2, 3});
            assertTrue(signature.verify(signed));
            assertEquals(5, CountingProvider.OPERATIONS.get() - before);
        } finally {
            Security.removeProvider("Counting");
        }
    }
}
