using DeviceId.Classifiers;
using DeviceId.Foundation;
using static DeviceId.Tests.Classifiers.ProjectionTests;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Sparse coding and dictionary learning against plain loops and analytic solutions.</summary>
[Collection(TensorCollection.Name)]
public sealed class SparseDecisionTests
{
    [Fact]
    public void MatchingPursuitChoosesTheAtomsOfAPlainImplementation()
    {
        using var scope = NewDisposeScope();
        var (atoms, vectors) = (Unit(rows: 12, columns: 6, seed: 4), Unit(rows: 7, columns: 6, seed: 5));
        using var coder = new MatchingPursuit(atoms.mm(atoms.t()), nonZeros: 3);
        var codes = coder.Code(vectors.mm(atoms.t()));
        for (var i = 0; i < 7; i++)
        {
            var expected = Pursue(Rows(atoms), [.. vectors[i].data<double>()], count: 3);

            // The ridge is 1e-9; atoms are not nearly parallel.
            AssertClose(expected, codes[i], 1e-6);
            Assert.Equal(3, expected.Count(value => value != 0));
        }
    }

    [Fact]
    public void MatchingPursuitFindsTheOnlySparseRepresentationAndAcceptsEqualAtoms()
    {
        using var scope = NewDisposeScope();
        var identity = eye(5, dtype: ScalarType.Float64, device: CPU);
        var doubled = cat([identity, identity], 0);
        using var coder = new MatchingPursuit(doubled.mm(doubled.t()), nonZeros: 4);
        var vector = Matrix(new[,] { { 0.0, 3, 0, -2, 0 } });
        AssertClose([0, 3, 0, -2, 0], coder.Code(vector.mm(doubled.t())).mm(doubled), 1e-6);
    }

    [Fact]
    public void FistaOnOrthogonalAtomsIsSoftThresholding()
    {
        using var scope = NewDisposeScope();
        using var coder = new Fista(eye(3, dtype: ScalarType.Float64, device: CPU), penalty: 0.5);
        AssertClose([1.5, 0, -0.5], coder.Code(Matrix(new[,] { { 2.0, 0.3, -1 } })), 1e-9);
    }

    [Fact]
    public void FistaMeetsTheConditionsOfTheMinimum()
    {
        using var scope = NewDisposeScope();
        const double Penalty = 0.1;
        var (atoms, vectors) = (Unit(rows: 9, columns: 20, seed: 4), Unit(rows: 5, columns: 20, seed: 5));
        using var coder = new Fista(atoms.mm(atoms.t()), Penalty);
        var codes = coder.Code(vectors.mm(atoms.t()));

        // Where a coefficient is not 0, the gradient of the squares is -lambda sign(a); elsewhere it is at most lambda. The nine atoms are
        // linearly independent, so the iteration converges linearly.
        var gradient = Rows((codes.mm(atoms) - vectors).mm(atoms.t()));
        var a = Rows(codes);
        for (var i = 0; i < 5; i++)
            for (var k = 0; k < 9; k++)
                Assert.InRange(a[i, k] == 0 ? Math.Max(0, Math.Abs(gradient[i, k]) - Penalty)
                    : Math.Abs(gradient[i, k] + (Penalty * Math.Sign(a[i, k]))), 0, 1e-6);
    }

    [Fact]
    public void ResidualsOfCollaborativeRepresentationAreThoseOfPlainLeastSquares()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 12, values: 5, classes: 3);
        var test = Random(samples: 4, values: 5, classes: 3, seed: 9).Values;
        using var decision = new CollaborativeRepresentationOptions { Penalty = 0.3 }.Fit(train, null, default);
        var scores = Rows(decision.Scores(test, default));
        var (atoms, unit) = (UnitLength.Scale(train.Values), UnitLength.Scale(test));
        var labels = train.Labels.data<long>().ToArray();

        // a = D (D'D + lambda I)^-1 y in the space of the values, which equals (D D' + lambda I)^-1 D y.
        var solved = linalg.inv(atoms.t().mm(atoms) + (eye(5, dtype: ScalarType.Float64, device: CPU) * 0.3));
        var a = Rows(unit.mm(solved).mm(atoms.t()));
        var (d, y) = (Rows(atoms), Rows(unit));
        for (var i = 0; i < 4; i++)
            for (var c = 0; c < 3; c++)
            {
                double Residual(int j) =>
                    y[i, j] - Enumerable.Range(0, 12).Where(k => labels[k] == c).Sum(k => a[i, k] * d[k, j]);
                Assert.Equal(-Enumerable.Range(0, 5).Sum(j => Math.Pow(Residual(j), 2)), scores[i, c], 1e-10);
            }
    }

    [Fact]
    public void KSvdFindsTheAtomsThatVectorsWereMadeOf()
    {
        using var scope = NewDisposeScope();
        var random = new SplitMix64(2);
        var made = Unit(rows: 6, columns: 8, seed: 3);

        // Each vector is a multiple of one atom; the first atoms are six of the vectors, four of them of the same atom.
        var of = Enumerable.Range(0, 60).Select(i => i < 4 ? 0 : i % 6).ToArray();
        var codes = zeros([60, 6], ScalarType.Float64, CPU);
        for (var i = 0; i < 60; i++)
            codes[i, of[i]] = tensor(random.Uniform(1, 2), device: CPU);
        var vectors = codes.mm(made);
        var learned = DictionaryLearning.Learn(vectors, UnitLength.Scale(vectors.narrow(0, 0, 6)), 1, 8, default);
        AssertClose([1, 1, 1, 1, 1, 1], learned.square().sum([1]), 1e-12);
        AssertClose([1, 1, 1, 1, 1, 1], made.mm(learned.t()).abs().amax([1]), 1e-9);
    }

    [Fact]
    public void TheErrorOfKSvdFallsWithItsIterations()
    {
        using var scope = NewDisposeScope();
        var vectors = Unit(rows: 80, columns: 10, seed: 6);
        double Error(int iterations)
        {
            var atoms = DictionaryLearning.Learn(vectors, vectors.narrow(0, 0, 12), 3, iterations, default);
            return (vectors - DictionaryLearning.Code(vectors, atoms, 3, default).mm(atoms)).square().sum().item<double>();
        }

        Assert.True(Error(8) < 0.8 * Error(0), $"{Error(8)} after, {Error(0)} before");
    }

    [Fact]
    public void NearestNeighboursVoteAndTheNearestBreaksATie()
    {
        using var scope = NewDisposeScope();
        var train = Vectors(new[,] { { 0.0 }, { 1 }, { 5 }, { 6 }, { 100 } }, [0, 0, 1, 1, 2]);
        var test = Matrix(new[,] { { 0.0 }, { 2.9 }, { 3.1 } });
        using var decision = new NearestNeighboursOptions { Neighbours = 4 }.Fit(train, null, default);
        var scores = decision.Scores(test, default);
        Assert.Equal([0L, 0, 1], scores.argmax(1).data<long>().ToArray());

        // Two of four votes, less 0 / 100 and 5 / 100 of a ninth; no vote, less a ninth.
        AssertClose([0.5, 0.5 - (0.05 / 9), -1.0 / 9], scores[0], 1e-12);
    }

    [Fact]
    public void ADictionaryOfTooManyOrTooLongAtomsIsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("use fewer", Assert.Throws<ArgumentException>(
            () => SparseCoder.GramOf(zeros([20_001, 1], ScalarType.Float64, CPU))).Message, StringComparison.Ordinal);
        Assert.Contains("longer than 1", Assert.Throws<ArgumentException>(
            () => SparseCoder.GramOf(ones([1, 2], ScalarType.Float64, CPU))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<DecisionOptions, string> Unusable => new()
    {
        { new NearestNeighboursOptions { Neighbours = 0 }, "Neighbours is 0" },
        { new SparseRepresentationOptions { NonZeros = 0 }, "NonZeros is 0" },
        { new SparseRepresentationOptions { Penalty = -1 }, "Penalty is -1" },
        { new SparseRepresentationOptions { SamplesPerDevice = -1 }, "SamplesPerDevice is -1" },
        { new SparseRepresentationOptions { Solver = (SparseSolver)9 }, "Solver is 9" },
        { new CollaborativeRepresentationOptions { Penalty = 0 }, "Penalty is 0" },
        { new KSvdOptions { AtomsPerDevice = 0 }, "AtomsPerDevice is 0" },
        { new KSvdOptions { Iterations = 0 }, "Iterations is 0" },
        { new DiscriminativeKSvdOptions { LabelWeight = double.PositiveInfinity }, "LabelWeight is" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void UnusableSettingsAreExplained(DecisionOptions options, string problem) =>
        Assert.Contains(problem, Assert.Single(new VectorClassifierOptions { Decision = options }.Problems()), StringComparison.Ordinal);

    private static Tensor Unit(int rows, int columns, ulong seed)
    {
        var random = new SplitMix64(seed);
        var values = Enumerable.Range(0, rows * columns).Select(_ => random.Normal()).ToArray();
        return UnitLength.Scale(tensor(values, device: CPU).reshape(rows, columns));
    }

    /// <summary>Orthogonal matching pursuit of one vector, with the normal equations solved by elimination.</summary>
    private static double[] Pursue(double[,] atoms, double[] y, int count)
    {
        var (rows, columns) = (atoms.GetLength(0), atoms.GetLength(1));
        double Product(int k, double[] x) => Enumerable.Range(0, columns).Sum(j => atoms[k, j] * x[j]);
        double[] Atom(int k) => [.. Enumerable.Range(0, columns).Select(j => atoms[k, j])];
        var (chosen, solution, residual) = (new List<int>(), Array.Empty<double>(), y);
        for (var step = 0; step < count; step++)
        {
            chosen.Add(Enumerable.Range(0, rows).Except(chosen).MaxBy(k => Math.Abs(Product(k, residual))));
            solution = Solve([.. chosen.Select(a => chosen.Select(b => Product(a, Atom(b))).Append(Product(a, y)).ToArray())]);
            residual = [.. y.Select((value, j) => value - chosen.Select((k, i) => solution[i] * atoms[k, j]).Sum())];
        }

        var code = new double[rows];
        for (var i = 0; i < count; i++)
            code[chosen[i]] = solution[i];
        return code;
    }

    /// <summary>Solves a small positive definite system, given as rows [matrix, right side], by Gauss-Jordan elimination.</summary>
    private static double[] Solve(double[][] system)
    {
        var n = system.Length;
        for (var p = 0; p < n; p++)
            for (var r = 0; r < n; r++)
            {
                var factor = r == p ? 0 : system[r][p] / system[p][p];
                for (var c = 0; c <= n; c++)
                    system[r][c] -= factor * system[p][c];
            }

        return [.. system.Select((row, i) => row[n] / row[i])];
    }
}
