namespace DeviceId.Experiments;

/// <summary>All experiments: six of the paper, then ours. Each has a notebook of its name, which defines its variants.</summary>
internal static class ExperimentCatalog
{
    /// <summary>In the order of their notebooks.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("01-ubm-size", "Size of the background model", "Do more Gaussians in the background model help?", "Table 4", "64 Gaussians"),
        new("02-back-end", "Layers of the back end", "Does the back end need hidden layers, and how many?", "Table 5", "2 layers"),
        new("03-networks", "Choice of networks",
            "Which networks read space and time best, and do two read better than one?", "Table 6", "DNN + Bi-LSTM"),
        new("04-loss-weights", "Weights of the loss",
            "Does it help to train the branches' own answers too, and with which weights?", "Table 7", "DNN + Bi-LSTM, 0.25 : 0.5 : 0.25"),
        new("05-attention", "Attention or concatenation", "Is it worth learning how much each branch counts?", "Table 8", "attention"),
        new("06-systems", "PSTNN among other systems",
            "Is the network better than what there was before, and what does an answer cost?", "Table 9", "PSTNN"),
        new("07-ablations", "What the paper did not vary",
            "What does the network look at, and what does it need?", null, "as in the other experiments"),
    ];

    /// <summary>Finds an experiment by its id, or by the number at its beginning.</summary>
    /// <param name="id">"03-networks" or "03".</param>
    /// <exception cref="ArgumentException">There is none; the message lists all.</exception>
    public static Experiment Named(string id) =>
        All.FirstOrDefault(e => e.Id == id) ?? All.FirstOrDefault(e => e.Id.Split('-')[0] == id)
        ?? throw new ArgumentException($"There is no experiment '{id}'; there are {string.Join(", ", All.Select(e => e.Id))}.", nameof(id));
}
