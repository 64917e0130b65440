package dev.shakedown.load;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Witness;

/** Watches some of a load's handshakes from inside, so that it can be shown how they failed. Workers call it at once. */
public interface FailureWatch {
    /** Watches nothing. */
    FailureWatch NONE = new FailureWatch() {
        @Override
        public Witness next() {
            return null;
        }

        @Override
        public void failed(HandshakeFailure failure, Witness witness) {
            // nobody asks
        }
    };

    /** Who watches the next handshake; {@code null} for nobody, which is what costs nothing. */
    Witness next();

    /** @param witness who {@link #next} said would watch it; may be {@code null} */
    void failed(HandshakeFailure failure, Witness witness);
}
