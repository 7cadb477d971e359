using DeviceId.Classifiers;

namespace DeviceId.Tests.Classifiers;

/// <summary>Settings with every kind of vector, projection and decision at least once, small enough for tests.</summary>
internal static class VectorClassifierKinds
{
    public static IReadOnlyDictionary<string, VectorClassifierOptions> All { get; } = new Dictionary<string, VectorClassifierOptions>
    {
        ["nearest mean"] = new(),
        ["nearest mean, cosine"] = new() { Projections = [new UnitLengthOptions()], Decision = new NearestMeanOptions { Cosine = true } },
        ["SVM"] = new() { Decision = new SvmDecisionOptions() },
        ["SVM, RBF, on statistics"] = new()
        {
            Vectors = new FrameMeanOptions { StandardDeviation = true }, Projections = [new StandardisationOptions()],
            Decision = new SvmDecisionOptions { Rbf = true },
        },
        ["Gaussian discriminant"] = new() { Vectors = new FrameMeanOptions(), Decision = new GaussianDiscriminantOptions() },
        ["PCA, WCCN"] = new() { Projections = [new PcaOptions { Dimensions = 6 }, new WccnOptions()] },
        ["LDA"] = new() { Projections = [new LdaOptions()] },
        ["nearest neighbours of a sketch"] = new()
        {
            Projections = [new RandomProjectionOptions { Dimensions = 8 }], Decision = new NearestNeighboursOptions { Neighbours = 3 },
        },
        ["nearest mean of a Cauchy sketch"] = new() { Projections = [new RandomProjectionOptions { Dimensions = 8, Cauchy = true }] },
        ["kernel discriminant, RBF"] = new() { Projections = [new KernelDiscriminantOptions { SamplesPerDevice = 9 }] },
        ["kernel discriminant, quadratic"] = new()
        {
            Projections = [new UnitLengthOptions(), new KernelDiscriminantOptions { Kernel = DiscriminantKernel.Quadratic }],
        },
        ["sparse representation, matching pursuit"] = new()
        {
            Projections = [new UnitLengthOptions()], Decision = new SparseRepresentationOptions { NonZeros = 4 },
        },
        ["sparse representation, FISTA"] = new()
        {
            Projections = [new UnitLengthOptions()], Decision = new SparseRepresentationOptions { Solver = SparseSolver.Fista },
        },
        ["collaborative representation"] = new()
        {
            Projections = [new UnitLengthOptions()], Decision = new CollaborativeRepresentationOptions(),
        },
        ["K-SVD"] = new()
        {
            Projections = [new UnitLengthOptions()], Decision = new KSvdOptions { AtomsPerDevice = 3, NonZeros = 2, Iterations = 3 },
        },
        ["D-KSVD"] = new()
        {
            Projections = [new UnitLengthOptions()],
            Decision = new DiscriminativeKSvdOptions { AtomsPerDevice = 3, NonZeros = 2, Iterations = 3 },
        },
        ["KISS metric"] = new() { Projections = [new PcaOptions { Dimensions = 6 }], Decision = new KissMetricOptions() },
        ["PLDA"] = new() { Projections = [new LdaOptions(), new UnitLengthOptions()], Decision = new PldaOptions() },
        ["i-vectors, PLDA"] = new()
        {
            Vectors = new IVectorOptions { Rank = 4, Iterations = 3 },
            Projections = [new UnitLengthOptions(), new LdaOptions()], Decision = new PldaOptions { Iterations = 3 },
        },
        ["GLDS-SVM"] = new() { Vectors = new MonomialOptions { Degree = 2 }, Decision = new SvmDecisionOptions() },
    };
}
