package dev.shakedown.load;

import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import org.jspecify.annotations.Nullable;

/** Watches the handshakes of a load, so that it can be shown how they failed. Several workers call it concurrently. */
public interface FailureObserver {
    /** Watches no handshakes. */
    FailureObserver NONE = new FailureObserver() {
        @Override
        public @Nullable HandshakeObserver next(int inFlight) {
            return null;
        }

        @Override
        public void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer) {
            // not recorded
        }

        @Override
        public void timedOut(Stage stage, @Nullable HandshakeObserver observer) {
            // not recorded
        }
    };

    /**
     * Returns an observer for the next handshake; {@code null} for none, which costs nothing.
     *
     * @param inFlight handshakes in progress on this worker
     */
    @Nullable
    HandshakeObserver next(int inFlight);

    /** Returns the failure with its meaning worded as in results. Called before {@link #failed}. */
    default HandshakeFailure worded(HandshakeFailure failure) {
        return failure;
    }

    /** @param observer what {@link #next} returned for the handshake; may be {@code null} */
    void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer);

    /** Called when a handshake has run into its deadline. */
    void timedOut(Stage stage, @Nullable HandshakeObserver observer);
}
