using System.Text.Json;
using DeviceId.Foundation;
using DeviceId.Fuzz;

namespace DeviceId.Tests.Foundation;

/// <summary>
/// Inputs that the fuzzer (tests/fuzz) has found or stores because they reach many branches: every reader reads each of them, or refuses it
/// as documented.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class FuzzedInputTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Root, "tests", "fuzz");

    private static readonly string[] Replacements =
    [
        "-1", "0", "1", "3", "1000", "1000000", "2147483647", "9223372036854775807", "0.5", "1e-300", "1e300", "null", "[]",
    ];

    public static TheoryData<string> Targets { get; } = [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void EverySeedIsRead(string name)
    {
        var target = FuzzTargets.Find(name);
        var seeds = target.Seeds().ToList();
        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.True(target.Execute(seed)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void InputsThatHarmedOneReaderHarmNone(string name)
    {
        var target = FuzzTargets.Find(name);
        var files = Inputs("found").Concat(Inputs(Path.Combine("corpus", name))).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
            Execute(target, File.ReadAllBytes(file), file);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void ATruncatedOrChangedSeedIsReadOrRefused(string name)
    {
        var target = FuzzTargets.Find(name);
        var seeds = target.Seeds().ToList();
        var random = new SplitMix64(1337);
        for (var round = 0; round < 200; round++)
        {
            var seed = (byte[])seeds[random.Below(seeds.Count)].Clone();
            for (var change = random.Below(3); change > 0; change--)
                seed[random.Below(seed.Length)] = (byte)random.Below(256);
            if (random.Below(2) == 0)
                seed = seed[..random.Below(seed.Length)];
            Execute(target, seed, $"round {round}");
        }
    }

    [Theory]
    [InlineData("mixture")]
    [InlineData("gmm-ubm")]
    [InlineData("svm")]
    [InlineData("gsv-svm")]
    [InlineData("network")]
    [InlineData("checkpoint")]
    [InlineData("result")]
    [InlineData("notebook")]
    [InlineData("phone-model")]
    [InlineData("scores")]
    [Trait("Speed", "Slow")]
    public void AnAbsurdNumberInADescriptionIsRefusedOrHarmless(string name)
    {
        var target = FuzzTargets.Find(name);
        foreach (var seed in target.Seeds())
        {
            // Only the text: a model's tensors follow its second line, and Latin 1 restores every byte as it was.
            var text = System.Text.Encoding.Latin1.GetString(seed);
            var end = name is "result" or "notebook" ? text.Length : text.IndexOf('\n', text.IndexOf('\n') + 1);
            var numbers = FindNumbers(seed, end);
            Assert.NotEmpty(numbers);
            foreach (var (start, length) in numbers)
                foreach (var replacement in Replacements)
                {
                    var input = System.Text.Encoding.Latin1.GetBytes(text[..start] + replacement + text[(start + length)..]);
                    Execute(target, input, $"{text[Math.Max(0, start - 30)..start]}{replacement}");
                }
        }
    }

    [Fact]
    public void OfNumbersInTheSamePlaceTheFirstAndTheLastAreTaken()
    {
        const string Text = """{"a":1,"b":[10,11,12,13],"c":{"a":[2]},"d":[{"a":3},{"a":4},{"a":5}],"e":"7,8,9"}""" + "\n"
            + """[{"name":"x","shape":[20,21,22]},{"name":"y","shape":[30]}]""" + "\n";
        var bytes = System.Text.Encoding.UTF8.GetBytes(Text + "{\"rest\":99}");
        Assert.Equal(
            ["1", "10", "13", "2", "3", "5", "20", "22", "30"],
            FindNumbers(bytes, Text.Length).Select(number => Text.Substring(number.Start, number.Length)));
    }

    /// <summary>
    /// The positions of numbers in lines of JSON. Of numbers whose paths differ only by list indices, the first and the last: the reader
    /// treats them all alike.
    /// </summary>
    private static List<(int Start, int Length)> FindNumbers(byte[] input, int end)
    {
        var numbers = new List<(string Place, int Start, int Length)>();
        for (var (start, next) = (0, 0); start < end; start = next)
        {
            var newline = input.AsSpan(start, end - start).IndexOf((byte)'\n');
            next = newline < 0 ? end : start + newline + 1;
            // Skips a line that names a format.
            if (input[start] is (byte)'{' or (byte)'[')
                AddNumbers(numbers, input.AsSpan(start, next - start), start);
        }

        var distinct = numbers.GroupBy(number => number.Place).SelectMany(kind => new[] { kind.First(), kind.Last() }).Distinct();
        return [.. distinct.OrderBy(number => number.Start).Select(number => (number.Start, number.Length))];
    }

    private static void AddNumbers(List<(string Place, int Start, int Length)> numbers, ReadOnlySpan<byte> line, int offset)
    {
        var reader = new Utf8JsonReader(line);
        var path = new Stack<string>();
        var property = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    property = reader.GetString()!;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    path.Push(property);
                    property = "";
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    property = "";
                    break;
                case JsonTokenType.String when property == "name":
                    // Each named tensor has its own sizes.
                    path.Push(path.Pop() + reader.GetString());
                    property = "";
                    break;
                case JsonTokenType.Number:
                    numbers.Add(($"{string.Join('/', path)}/{property}", offset + (int)reader.TokenStartIndex, reader.ValueSpan.Length));
                    property = "";
                    break;
                default:
                    property = "";
                    break;
            }
        }
    }

    private static IEnumerable<string> Inputs(string folder) =>
        Directory.Exists(Path.Combine(Folder, folder))
            ? Directory.GetFiles(Path.Combine(Folder, folder), "*", SearchOption.AllDirectories) : [];

    private static void Execute(FuzzTarget target, byte[] input, string what)
    {
        // One thread: there are thousands of operations on a few numbers each, and starting a second thread would take longer than they do.
        using var thread = new SingleThread();
        try
        {
            target.Execute(input);
        }
        catch (Exception error)
        {
            Assert.Fail($"{target.Name}, {what}: {error}");
        }
    }
}
