package dev.shakedown.tls.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/** The provider of the cryptographic primitives that this package uses, for the whole process. */
public enum CryptoProvider {
    /** The JDK's own providers. */
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
    /** The Amazon Corretto Crypto Provider, which is native code; the JDK provides what it lacks. */
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
     * Makes this the preferred provider. Must be called before the first use of a primitive.
     *
     * @throws IllegalStateException if it cannot be used here
     */
    public abstract void install();

    /** Returns why it cannot be used here; {@code null} if it can. */
    public abstract @Nullable Throwable unavailability();
}
