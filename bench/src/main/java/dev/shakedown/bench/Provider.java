package dev.shakedown.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;

/** Whose implementations of the primitives the classes under test find when they ask for the preferred one. */
public enum Provider {
    /** The JDK's own. */
    JDK {
        @Override
        void install() {
            Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
        }
    },
    /** The Amazon Corretto Crypto Provider, which is native code; the JDK's for what it does not have. */
    ACCP {
        @Override
        void install() {
            AmazonCorrettoCryptoProvider.install();
            if (Security.getProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME) == null) {
                throw new IllegalStateException("the Amazon Corretto Crypto Provider cannot be used here",
                        AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError());
            }
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        }
    };

    /** Must come before the first use of a primitive. */
    abstract void install();
}
