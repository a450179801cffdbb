package confcodes.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of live tests. Its constructor gets the {@link Lab}, and a {@link ServerProcess} if it wants one; without an Asterisk
 * it is skipped with the reason, or fails if {@code CONFCODES_LIVE=required}. On a failure the end of Asterisk's log is printed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface LiveTest {

    /** What the lab starts with, such as {@code freepbx}. */
    String[] start() default {};

    /** The options of the class's server, such as {@code --allow=anyone}. */
    String[] serve() default {};
}
