namespace DeviceId.Experiments;

/// <summary>All experiments: the six of the paper, then ours. Each has a notebook of the same name, which defines its variants.</summary>
internal static class ExperimentCatalog
{
    /// <summary>All experiments, in the order of their notebooks.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("01-ubm-size", "Size of the background model", "Do more Gaussians in the background model help?", "Table 4", "64 Gaussians"),
        new("02-back-end", "Layers of the back end", "Does the back end need hidden layers, and how many?", "Table 5", "2 layers"),
        new("03-networks", "Choice of networks",
            "Which spatial and temporal networks are best, and is a pair better than one alone?", "Table 6", "DNN + Bi-LSTM"),
        new("04-loss-weights", "Weights of the loss",
            "Does it help to train the branches' own outputs too, and with which weights?", "Table 7", "DNN + Bi-LSTM, 0.25 : 0.5 : 0.25"),
        new("05-attention", "Attention or concatenation", "Does it help to learn a weight for each branch?", "Table 8", "attention"),
        new("06-systems", "PSTNN among other systems",
            "Is the PSTNN better than other systems, and how long does an answer take?", "Table 9", "PSTNN"),
        new("07-ablations", "What the paper did not vary",
            "Which information does the network use, and which settings does it need?", null, "as in the other experiments"),
        new("10-features", "Features of the paper's Section 2", "Which features hear the phone: in a second, in a quarter of it, in noise?",
            null, "MFCC") { IsExploratory = true },
        new("11-classifiers", "Decision models of the paper's Section 2",
            "On one feature, which decision models tell phones apart, and what do they cost?", null, "GMM-UBM") { IsExploratory = true },
    ];

    /// <summary>Finds an experiment by its id, or by the number at its beginning.</summary>
    /// <param name="id">"03-networks" or "03".</param>
    /// <exception cref="ArgumentException">There is no such experiment; the message lists all.</exception>
    public static Experiment Named(string id) =>
        All.FirstOrDefault(e => e.Id == id) ?? All.FirstOrDefault(e => e.Id.Split('-')[0] == id)
        ?? throw new ArgumentException($"There is no experiment '{id}'; there are {string.Join(", ", All.Select(e => e.Id))}.", nameof(id));
}
