package dev.shakedown.load;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import org.jspecify.annotations.Nullable;

/** Watches a load's handshakes from inside, so that it can be shown how they failed. Workers call it at once. */
public interface FailureObserver {
    /** Watches nothing. */
    FailureObserver NONE = new FailureObserver() {
        @Override
        public @Nullable HandshakeObserver next(int inFlight) {
            return null;
        }

        @Override
        public void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer) {
            // nobody asks
        }

        @Override
        public void timedOut(Stage stage, @Nullable HandshakeObserver observer) {
            // nobody asks
        }
    };

    /**
     * Who watches the next handshake; {@code null} for nobody, which is what costs nothing.
     *
     * @param inFlight how many are under way on this worker
     */
    @Nullable
    HandshakeObserver next(int inFlight);

    /** The same failure, its meaning in the words that it has in results; it comes before {@link #failed}. */
    default HandshakeFailure worded(HandshakeFailure failure) {
        return failure;
    }

    /** @param observer who {@link #next} said would watch it; may be {@code null} */
    void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer);

    /** The deadline came first. */
    void timedOut(Stage stage, @Nullable HandshakeObserver observer);
}
