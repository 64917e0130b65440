package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/** A server's public value, and the secret that it shares with the client whose share it answers. */
record ServerShare(byte[] publicValue, PremasterSecret secret) {
    private static final int ML_KEM_KEY = 1184;

    /** Scripted servers reuse one pair in each group, as many real servers do. */
    private static final Map<NamedGroup, KeyShare> PAIRS = new ConcurrentHashMap<>();

    /** Returns the server's pair in this group, which must not be a KEM. */
    static KeyShare pair(NamedGroup group) {
        return PAIRS.computeIfAbsent(group, KeyShare::generate);
    }

    /** Returns the length of a client's public value, in bytes; ML-KEM's differs from the server's. */
    static int clientLength(NamedGroup group) {
        return group == NamedGroup.X25519MLKEM768 ? ML_KEM_KEY + 32 : group.publicLength();
    }

    static ServerShare answering(OfferCheck.Share client) {
        try {
            var value = client.publicValue();
            if (client.group() != NamedGroup.X25519MLKEM768) {
                var own = pair(client.group());
                return new ServerShare(own.publicValue(), own.agree(value));
            }
            var encapsulated = new MLKEMGenerator(new SecureRandom()).generateEncapsulated(
                    new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOf(value, ML_KEM_KEY)));
            var own = pair(NamedGroup.X25519);
            return new ServerShare(ScriptedPeer.joined(encapsulated.getEncapsulation(), own.publicValue()),
                    new PremasterSecret(ScriptedPeer.joined(encapsulated.getSecret(),
                            own.agree(Arrays.copyOfRange(value, ML_KEM_KEY, value.length)).bytes())));
        } catch (Fault e) {
            throw new AssertionError("the client's key share is wrong", e);
        }
    }
}
