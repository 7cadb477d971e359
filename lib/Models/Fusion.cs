namespace DeviceId.Models;

/// <summary>How the embeddings of the branches are combined (paper, Section 5.1 and Table 8).</summary>
public enum Fusion
{
    /// <summary>Weighted sum, with one attention weight per branch computed from both branches.</summary>
    Attention,

    /// <summary>Concatenation of the embeddings.</summary>
    Concatenation,
}
