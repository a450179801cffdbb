/**
 * What {@code src/lab/bench} and {@code src/lab/torture} run: classes with a {@code main}, no tests. They use the public
 * classes of {@code ami} and {@code agi} to measure inside one JVM; all else they see as Asterisk, a peer or the shell sees it.
 */
package confcodes.bench;
