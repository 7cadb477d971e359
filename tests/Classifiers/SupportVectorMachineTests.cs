using System.Text.Json;
using DeviceId.Classifiers;
using DeviceId.Foundation;
using DeviceId.Tests.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>The support vector machine against LIBSVM's results, the KKT conditions, and invalid input.</summary>
[Collection(TensorCollection.Name)]
public sealed class SupportVectorMachineTests
{
    // Both solvers stop at a KKT violation of 1e-5. Less would take millions of steps, as both use a kernel matrix in single precision.
    private static readonly SvmOptions Precise = new() { Tolerance = 1e-5 };

    public static TheoryData<string> Names => [.. Cases().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void DecisionValuesAreLibsvms(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Cases().First(c => c.Name == name);
        using var machine = Train(golden);
        var decisions = machine.Decisions(MachineInput(golden, golden.Test, golden.X));
        Assert.Equal([golden.Test.Length, golden.Decisions[0].Length], decisions.shape);

        // The requirement is 1e-3.
        Assert.InRange(GoldenMixtures.MaxDifference(decisions, Matrix(golden.Decisions)), 0, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePredictedClassesAreLibsvms(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Cases().First(c => c.Name == name);
        using var machine = Train(golden);
        var decisions = Matrix(golden.Decisions);
        var labels = machine.Scores(MachineInput(golden, golden.Test, golden.X)).argmax(1).data<long>().ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            // Where LIBSVM's decision value is zero, or its two highest are equal, up to rounding, either class is accepted.
            var clear = golden.Strategy == SvmStrategy.OneAgainstOne ? decisions[i].abs().min() : decisions[i].topk(2).values.diff().abs();
            if (clear.item<float>() > 1e-4)
                Assert.Equal(golden.Labels[i], labels[i]);
        }
    }

    [Fact]
    public void TheSolutionSatisfiesTheKktConditions()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new SplitMix64((ulong)seed);
            var (n, c) = (10 + random.Below(60), Math.Pow(10, random.Uniform(-2, 2)));
            var x = Enumerable.Range(0, n).Select(_ => new[] { random.Normal(), random.Normal(), random.Normal() }).ToArray();
            sbyte[] y = [1, -1, .. Enumerable.Range(0, n - 2).Select(_ => (sbyte)(random.Uniform() < 0.3 ? 1 : -1))];
            var gram = new float[n * n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    gram[i * n + j] = (float)Math.Exp(-0.5 * x[i].Zip(x[j], (a, b) => (a - b) * (a - b)).Sum());
            var solution = SequentialMinimalOptimisation.Solve(gram, y, c, 1e-6);
            Assert.True(solution.Converged);
            Assert.InRange(Math.Abs(solution.Coefficients.Sum()), 0, 1e-9 * c * n);
            for (var i = 0; i < n; i++)
            {
                var alpha = solution.Coefficients[i] * y[i];
                Assert.InRange(alpha, 0, c);
                var margin = y[i] * (solution.Bias + Enumerable.Range(0, n).Sum(j => solution.Coefficients[j] * (double)gram[i * n + j]));
                if (alpha < c)
                    Assert.True(margin > 1 - 1e-5, $"seed {seed}: sample {i} is inside the margin ({margin}), but not at C");
                if (alpha > 0)
                    Assert.True(margin < 1 + 1e-5, $"seed {seed}: sample {i} is outside the margin ({margin}), but not at 0");
            }
        }
    }

    [Theory]
    [InlineData(SvmKernel.Linear)]
    [InlineData(SvmKernel.Rbf)]
    public void TranslatingAllSamplesChangesNoDecisionValue(object kernel)
    {
        using var scope = NewDisposeScope();
        var golden = Cases()[0];
        var options = Precise with { Kernel = (SvmKernel)kernel, Gamma = 0.1 };
        using var original = SupportVectorMachine.Fit(Matrix(golden.X), Labels(golden), 3, options);
        using var translated = SupportVectorMachine.Fit(Matrix(golden.X) + 1024, Labels(golden), 3, options);

        // In single precision a value near 1024 is rounded by up to 6e-5, half of the samples' four decimals; without centring, products of
        // such values would lose all of them.
        var (expected, actual) = (original.Decisions(Matrix(golden.Test)), translated.Decisions(Matrix(golden.Test) + 1024));
        Assert.InRange(GoldenMixtures.MaxDifference(expected, actual), 0, 5e-3);
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoBit()
    {
        using var scope = NewDisposeScope();
        var golden = Cases().First(c => c.Name.StartsWith("five classes", StringComparison.Ordinal));
        var test = Matrix(golden.Test);
        Assert.True(Decisions(1).Equals(Decisions(3)));

        Tensor Decisions(int count)
        {
            using var threads = new TorchThreads(count);
            using var machine = Train(golden);
            return machine.Decisions(test);
        }
    }

    [Theory]
    [InlineData(SvmKernel.Linear, SvmStrategy.OneAgainstOne)]
    [InlineData(SvmKernel.Rbf, SvmStrategy.OneAgainstRest)]
    public void ASavedMachineScoresAsBefore(object kernel, object strategy)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var golden = Cases()[0];
        using var machine = SupportVectorMachine.Fit(Matrix(golden.X), Labels(golden), 3,
            Precise with { Kernel = (SvmKernel)kernel, Strategy = (SvmStrategy)strategy });
        machine.Save(folder.File("machine"));
        using var loaded = SupportVectorMachine.Load(folder.File("machine"));
        Assert.Equal(machine.Options, loaded.Options);
        Assert.True(machine.Scores(Matrix(golden.Test)).Equals(loaded.Scores(Matrix(golden.Test))));
    }

    [Fact]
    public void ADamagedFileIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder.File("machine");
        using var machine = SupportVectorMachine.Fit(Matrix(Cases()[0].X), Labels(Cases()[0]), 3, Precise);
        machine.Save(path);
        var whole = File.ReadAllBytes(path);
        foreach (var position in new[] { 0, 9, 20, whole.Length / 2, whole.Length - 1 })
        {
            var damaged = whole.ToArray();
            damaged[position] ^= 0x40;
            File.WriteAllBytes(path, damaged);
            Assert.Equal(path, Assert.Throws<ModelFileException>(() => SupportVectorMachine.Load(path)).Path);
            File.WriteAllBytes(path, whole[..position]);
            Assert.Equal(path, Assert.Throws<ModelFileException>(() => SupportVectorMachine.Load(path)).Path);
        }

        Assert.Throws<ModelFileException>(() => SupportVectorMachine.Load(folder.File("nowhere")));
    }

    [Theory]
    [InlineData(SvmStrategy.OneAgainstOne)]
    [InlineData(SvmStrategy.OneAgainstRest)]
    public void AClassWithoutSamplesIsNeverPredicted(object strategy)
    {
        using var scope = NewDisposeScope();
        using var machine = SupportVectorMachine.Fit(tensor(new float[,] { { 0 }, { 1 }, { 4 }, { 5 } }), tensor(new long[] { 0, 0, 2, 2 }),
            3, Precise with { Strategy = (SvmStrategy)strategy });
        var predicted = machine.Scores(tensor(new float[,] { { 0.4f }, { 2.6f }, { 9 } })).argmax(1).data<long>().ToArray();
        Assert.Equal([0, 2, 2], predicted);
    }

    [Fact]
    public void BadInputIsRefusedWithAReason()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new float[,] { { 0, 1 }, { 1, 0 } }), tensor(new long[] { 0, 1 }));
        Assert.Contains("C is -1", Assert.Throws<OptionsException>(() =>
            SupportVectorMachine.Fit(x, y, 2, new SvmOptions { C = -1, Tolerance = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SupportVectorMachine.Fit(x[0], y, 2, Precise));
        Assert.Throws<ArgumentException>(() => SupportVectorMachine.Fit(x, tensor(new long[] { 0, 2 }), 2, Precise));
        Assert.Throws<ArgumentException>(() => SupportVectorMachine.Fit(
            tensor(new float[,] { { 0, 1, 2 }, { 1, 0, 2 } }), y, 2, Precise with { Kernel = SvmKernel.Precomputed }));
        var withNaN = tensor(new float[,] { { 0, float.NaN }, { 1, 0 } });
        Assert.Contains(
            "NaN", Assert.Throws<ArgumentException>(() => SupportVectorMachine.Fit(withNaN, y, 2, Precise)).Message,
            StringComparison.Ordinal);
        using var machine = SupportVectorMachine.Fit(x, y, 2, Precise);
        Assert.Contains("(sample, 2)", Assert.Throws<ArgumentException>(() => machine.Scores(tensor(new float[,] { { 1, 2, 3 } }))).Message,
            StringComparison.Ordinal);
    }

    private static SupportVectorMachine Train(GoldenCase golden) => SupportVectorMachine.Fit(
        MachineInput(golden, golden.X, golden.X), Labels(golden), golden.Y.Max() + 1,
        Precise with { Kernel = golden.Kernel, Strategy = golden.Strategy, C = golden.C, Gamma = golden.Gamma });

    /// <summary>The samples, or their kernel matrix with the training samples for a precomputed kernel.</summary>
    private static Tensor MachineInput(GoldenCase golden, float[][] samples, float[][] training) =>
        golden.Kernel == SvmKernel.Precomputed ? Matrix(samples).mm(Matrix(training).t()) : Matrix(samples);

    private static Tensor Labels(GoldenCase golden) => tensor(golden.Y.Select(label => (long)label).ToArray());

    private static Tensor Matrix(float[][] rows)
    {
        ComputeDevice.Load();
        return tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, rows[0].Length);
    }

    private static IReadOnlyList<GoldenCase> Cases() =>
        Json.Read<List<GoldenCase>>(File.ReadAllText(TestPaths.Golden("svm", "cases.json")));

    private sealed record GoldenCase(string Name, SvmKernel Kernel, SvmStrategy Strategy, double C, double Gamma, float[][] X, int[] Y,
        float[][] Test, float[][] Decisions, int[] Labels);
}
