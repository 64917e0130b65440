package dev.shakedown.tls.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/** Whose implementations of the primitives the classes of this package find, in the whole process. */
public enum CryptoProvider {
    /** The JDK's own. */
    JDK {
        @Override
        public void install() {
            Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
        }

        @Override
        public @Nullable Throwable unavailability() {
            return null;
        }
    },
    /** The Amazon Corretto Crypto Provider, which is native code; the JDK's for what it does not have. */
    ACCP {
        @Override
        public void install() {
            if (unavailability() != null) {
                throw new IllegalStateException("the Amazon Corretto Crypto Provider cannot be used here",
                        unavailability());
            }
            AmazonCorrettoCryptoProvider.install();
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        }

        @Override
        public @Nullable Throwable unavailability() {
            return AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        }
    };

    /**
     * Puts it first. Must come before the first use of a primitive.
     *
     * @throws IllegalStateException when it cannot be used here
     */
    public abstract void install();

    /** Why it cannot be used here; {@code null} when it can. */
    public abstract @Nullable Throwable unavailability();
}
