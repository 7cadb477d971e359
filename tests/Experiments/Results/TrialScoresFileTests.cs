using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

[Collection(TensorCollection.Name)]
public sealed class TrialScoresFileTests : IDisposable
{
    /// <summary>Size limit per trial: all scores of the 205 trials in the repository may take 12 MB.</summary>
    private const int BytesPerTrial = 12_000_000 / 205;

    private const int Segments = 361;
    private const int Devices = 45;

    /// <summary>Quantiles (0, 5, … 100 %) of the log-probabilities of the reference network's heads: 'standard', 001 held out.</summary>
    private static readonly float[] Quantiles =
    [
        -16.125f, -16.125f, -16.125f, -16.125f, -16.125f, -16.125f, -15.77f, -14.54f, -13.38f, -12.28f, -11.37f,
        -10.71f, -10.14f, -9.62f, -9.14f, -8.62f, -8.04f, -7.37f, -6.53f, -4.86f, 0,
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("trial.scores");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void WhatIsWrittenIsReadInEveryLanguage(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            TrialScoresFile.Write(Path, Some());
            var read = TrialScoresFile.Read(Path);
            Assert.True(read.AreLogProbabilities);
            Assert.Equal([TrialOutput.Deep, TrialOutput.Spatial], read.Outputs.Keys);
            Assert.Equal([[-0.25f, -1.5f, TrialScores.LogFloor], [0, -2, -4]], read.Outputs[TrialOutput.Deep]);
            Assert.Equal([[-1f, -1, -1], [-8, -8, -8]], read.Outputs[TrialOutput.Spatial]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ALogProbabilityIsStoredToA512thOfItsValueAndTheFloorExactly()
    {
        var random = new SplitMix64(7);
        float[][] rows = [[.. Enumerable.Range(0, 100_000).Select(_ => LogProbability(random)), -1e-6f, -6e-5f, TrialScores.LogFloor, 0]];
        TrialScoresFile.Write(Path, Deep(true, rows));
        var read = TrialScoresFile.Read(Path).Outputs[TrialOutput.Deep][0];
        var (maxError, maxRelativeError) = (0f, 0f);
        for (var i = 0; i < read.Length; i++)
        {
            var error = Math.Abs(read[i] - rows[0][i]);
            Assert.True(error <= Math.Max(Math.Abs(rows[0][i]) / 512, 3e-8f), $"{rows[0][i]} became {read[i]}");
            maxError = Math.Max(maxError, error);
            maxRelativeError = Math.Max(maxRelativeError, MathF.Abs(1 - MathF.Exp(read[i] - rows[0][i])));
        }

        Assert.Equal([TrialScores.LogFloor, 0], read[^2..]);

        // The limits are reached: half of the step of 1/16 above 16, and the corresponding relative error of the probability.
        Assert.InRange(maxError, 0.03f, 0.03125f);
        Assert.InRange(maxRelativeError, 0.03f, 0.0318f);
    }

    [Fact]
    public void ARawScoreIsStoredToA2048thOfItsValue()
    {
        var random = new SplitMix64(8);
        float[] row = [.. Enumerable.Range(0, 10_000).Select(_ => (float)(100 * random.Normal()))];
        TrialScoresFile.Write(Path, Deep(false, [row]));
        var read = TrialScoresFile.Read(Path).Outputs[TrialOutput.Deep][0];
        Assert.All(row.Zip(read), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.First) / 2048));
    }

    [Fact]
    public void RawScoresBeyondFloat16AreClamped()
    {
        TrialScoresFile.Write(Path, Deep(false, [[1e6f, float.NegativeInfinity, 1234.5f, -65504]]));
        var read = TrialScoresFile.Read(Path);
        Assert.False(read.AreLogProbabilities);
        Assert.Equal([65504, -65504, 1234, -65504], read.Outputs[TrialOutput.Deep][0]);
    }

    [Fact]
    public void ATrialLikeTheStoredOnesStaysBelowTheSizeLimit()
    {
        var random = new SplitMix64(1);
        float[] Row() => [.. Enumerable.Range(0, Devices).Select(_ => LogProbability(random))];
        float[][] Head() => [.. Enumerable.Range(0, Segments).Select(_ => Row())];
        TrialScoresFile.Write(Path, new TrialScores(true, new Dictionary<string, float[][]>
        {
            [TrialOutput.Deep] = Head(), [TrialOutput.Spatial] = Head(), [TrialOutput.Temporal] = Head(),
        }));
        Assert.InRange(new FileInfo(Path).Length, BytesPerTrial / 2, BytesPerTrial);
    }

    /// <summary>
    /// A narrow network on the public recordings: its confidence is lower than that of the wide one, so its scores compress less.
    /// </summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public void ATrialOfThePublicRecordingsStaysBelowTheSizeLimit()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var settings = Profile.Quick.Settings;
        var split = Profile.Quick.Splits(corpus)[0];
        var pipeline = new Pipeline(_folder.File("features"), CPU);
        using var samples = pipeline.Prepare(split.Train, settings.FrontEnd);
        using var system = pipeline.Train(samples, settings.Classifier, 1);
        var predictions = system.Predict(split.Test);
        TrialScoresFile.Write(Path, TrialScores.Collect(predictions)!);
        var read = TrialScoresFile.Read(Path);
        Assert.Equal((3, Segments, Devices), (read.Outputs.Count, read.Segments, read.Devices));
        var length = new FileInfo(Path).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{length} bytes");
        Assert.InRange(length, BytesPerTrial / 2, BytesPerTrial);
        var stored = read.Probabilities(TrialOutput.Deep);
        var error = predictions.Deep.Scores.Zip(stored, (p, q) => p.Zip(q, (a, b) => Math.Abs(a - b)).Max()).Max();

        // The error of the probability, e^x |x| / 512, has its maximum at x = -1.
        Assert.InRange(error, 0, 7.3e-4f);
    }

    [Fact]
    public void ADamagedFileIsNamedWithTheReason()
    {
        TrialScoresFile.Write(Path, Some());
        var whole = File.ReadAllBytes(Path);
        for (var position = 0; position < whole.Length; position++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[position] ^= 1;
            Assert.Contains(position < 12 ? "does not begin with" : "checksum", Refusal(damaged), StringComparison.Ordinal);
        }

        for (var length = 0; length < whole.Length; length++)
            Assert.StartsWith(Path, Refusal(whole[..length]), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => TrialScoresFile.Read(_folder.File("absent")));
    }

    [Theory]
    [InlineData("[\"deep\"]", 1, 3, "the number of scores differs from that in the header")]
    [InlineData("[\"deep\"]", 2147483647, 2147483647, "is not in 1..16777216")]
    [InlineData("[\"deep\"]", 4000000, 4, "the number of scores differs from that in the header")]
    [InlineData("[\"deep\"]", -1, -2, "is not in 1..16777216")]
    [InlineData("[\"deep\"]", 0, 2, "is not in 1..16777216")]
    [InlineData("[]", 1, 2, "is not in 1..16777216")]
    [InlineData("[\"deep\",\"deep\"]", 1, 1, "two outputs have the same name")]
    [InlineData("[null]", 1, 2, "cannot be used")]
    [InlineData("null", 1, 2, "cannot be used")]
    public void AHeaderWithWrongSizesIsRefusedBeforeMemoryIsAllocated(string outputs, int segments, int devices, string reason)
    {
        var header = FormattableString.Invariant(
            $"{{\"areLogProbabilities\":true,\"outputs\":{outputs},\"segments\":{segments},\"devices\":{devices}}}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Refusal(Signed(header, Compressed(new byte[4]))), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void NoMoreThanTheSizeInTheHeaderIsDecompressed()
    {
        // 64 MB of zeros, compressed to a few dozen bytes.
        var bomb = Compressed(new byte[64 << 20]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Refusal(Signed("{\"areLogProbabilities\":true,\"outputs\":[\"deep\"],\"segments\":1,\"devices\":2}", bomb));
        Assert.Contains("the number of scores differs from that in the header", refusal, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Theory]
    [InlineData(0x7E, "not in -16.125..0")]
    [InlineData(0x7C, "not in -16.125..0")]
    [InlineData(0x3C, "not in -16.125..0")]
    [InlineData(0xD0, "not in -16.125..0")]
    public void AnImpossibleLogProbabilityIsRefused(byte highByte, string reason)
    {
        // NaN, infinity, 1, and -32.
        var header = "{\"areLogProbabilities\":true,\"outputs\":[\"deep\"],\"segments\":1,\"devices\":1}";
        Assert.Contains(reason, Refusal(Signed(header, Compressed([highByte, 0]))), StringComparison.Ordinal);
    }

    [Fact]
    public void InvalidCompressedDataAndAHeaderWithoutEndAreRefused()
    {
        const string Header = "{\"areLogProbabilities\":true,\"outputs\":[\"deep\"],\"segments\":1,\"devices\":1}";
        Assert.Contains("cannot be used", Refusal(Signed(Header, [0xFF, 0xFF, 0xFF, 0xFF])), StringComparison.Ordinal);
        Assert.Contains("no end", Refusal(Signed(new string(' ', 1 << 15), [])), StringComparison.Ordinal);
        Assert.Contains("cannot be used", Refusal(Signed("{\"other\":1}", [])), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreScoresThanCanBeReadAreNotWritten()
    {
        var row = new float[1 << 13];
        var rows = Enumerable.Repeat(row, (1 << 11) + 1).ToArray();
        Assert.Throws<ArgumentException>(() => TrialScoresFile.Write(Path, Deep(false, rows)));
        Assert.False(File.Exists(Path));
    }

    private string Refusal(byte[] file)
    {
        File.WriteAllBytes(Path, file);
        return Assert.Throws<InvalidDataException>(() => TrialScoresFile.Read(Path)).Message;
    }

    private static byte[] Signed(string header, byte[] compressed)
    {
        byte[] contents = [.. Encoding.UTF8.GetBytes($"DIDSCORES 1\n{header}\n"), .. compressed];
        return [.. contents, .. SHA256.HashData(contents)];
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
            brotli.Write(bytes);
        return compressed.ToArray();
    }

    private static float LogProbability(SplitMix64 random)
    {
        var position = random.Uniform() * (Quantiles.Length - 1);
        return float.Lerp(Quantiles[(int)position], Quantiles[(int)position + 1], (float)(position - (int)position));
    }

    private static TrialScores Deep(bool areLogProbabilities, float[][] rows) =>
        new(areLogProbabilities, new Dictionary<string, float[][]> { [TrialOutput.Deep] = rows });

    private static TrialScores Some() => new(true, new Dictionary<string, float[][]>
    {
        [TrialOutput.Deep] = [[-0.25f, -1.5f, TrialScores.LogFloor], [0, -2, -4]], [TrialOutput.Spatial] = [[-1, -1, -1], [-8, -8, -8]],
    });
}
